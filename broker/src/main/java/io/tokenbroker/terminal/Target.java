package io.tokenbroker.terminal;

import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/** Where the broker is, who is calling, and how the answer is shown: options of every command. */
final class Target {
    @Option(
            names = "--url",
            defaultValue = "${env:TOKENBROKER_URL:-http://localhost:8080}",
            paramLabel = "URL",
            description = "The broker; also $TOKENBROKER_URL. Default: ${DEFAULT-VALUE}")
    private URI url = URI.create("http://localhost:8080");

    @Option(
            names = "--token-file",
            paramLabel = "FILE",
            description = "The access token, role replay; also $TOKENBROKER_TOKEN. Arguments can be read by others.")
    private @Nullable Path tokenFile;

    @Option(
            names = "--output",
            defaultValue = "text",
            paramLabel = "text|json",
            description = "json: one JSON value on standard output. Default: text")
    private Output output = Output.text;

    enum Output {
        text,
        json
    }

    BrokerApi api() {
        return new BrokerApi(url, token());
    }

    Screen screen() {
        return new Screen(System.out, System.err, output == Output.json, System.console());
    }

    private String token() {
        try {
            String token = tokenFile == null ? System.getenv("TOKENBROKER_TOKEN") : Files.readString(tokenFile);
            if (token != null && !token.isBlank()) {
                return token.strip();
            }
        } catch (IOException e) {
            throw new BrokerUnwilling("--token-file " + tokenFile + " cannot be read");
        }
        throw new BrokerUnwilling("there is no access token; allowed: $TOKENBROKER_TOKEN or --token-file");
    }
}
