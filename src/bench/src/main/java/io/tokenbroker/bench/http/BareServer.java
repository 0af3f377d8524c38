package io.tokenbroker.bench.http;

import io.tokenbroker.bench.harness.JavaProcess;
import io.tokenbroker.bench.harness.Ports;
import io.tokenbroker.bench.load.Deployment;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;

/** {@link io.tokenbroker.http.BareEndpoints} as a process of its own. */
record BareServer(JavaProcess process, int port) implements AutoCloseable {

    private static final Path JAR = Path.of("src/bench/target/tokenbroker-bench.jar");

    /** @param token the body of every token */
    static BareServer start(Deployment deployment, List<String> jvmOptions, String token) throws IOException {
        int port = Ports.free().broker();
        List<String> arguments = List.of(
                "bare",
                "--port=" + port,
                "--issuer=" + deployment.issuer(),
                "--kafka=" + deployment.bootstrapServers(),
                "--answer=" + token);
        JavaProcess process = JavaProcess.start(JavaProcess.newFolder(), jvmOptions, JAR, arguments);
        return new BareServer(process.awaitReady(), port);
    }

    @Override
    public void close() {
        process.close();
    }
}
