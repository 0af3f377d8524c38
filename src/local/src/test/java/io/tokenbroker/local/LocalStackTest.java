package io.tokenbroker.local;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Clock;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class LocalStackTest {
    @TempDir
    Path data;

    private final ByteArrayOutputStream out = new ByteArrayOutputStream();
    private final ByteArrayOutputStream err = new ByteArrayOutputStream();

    @Test
    void an_option_that_is_wrong_is_one_line_and_status_2() {
        int status = run("--broker-port=high");

        assertThat(status).isEqualTo(2);
        assertThat(text(err).lines())
                .containsExactly("tokenbroker local: --broker-port: 'high' is not possible; allowed: 1 to 65535");
        assertThat(text(out)).isEmpty();
    }

    @Test
    void a_port_that_is_taken_is_told_with_the_option_that_changes_it() throws Exception {
        try (ServerSocket other = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            int port = other.getLocalPort();

            int status = run("--parts=issuer", "--issuer-port=" + port, "--data=" + data);

            assertThat(status).isEqualTo(1);
            assertThat(text(err))
                    .startsWith("tokenbroker local: port " + port + " is taken; choose another with --issuer-port");
        }
    }

    @Test
    void help_lists_the_options() {
        int status = run("--help");

        assertThat(status).isZero();
        assertThat(text(out)).contains("--broker-port=8080", "--walkthrough", "--parts=");
    }

    @Test
    void the_walkthrough_speaks_the_words_of_the_quickstart() throws Exception {
        int status = playedBy(false);

        assertThat(text(err)).isEmpty();
        assertThat(status).isZero();
        String identity = FakeBroker.IDENTITY;
        String expiring = " that expires at 2030-01-01T00:00:00Z: ";
        assertThat(text(out).lines())
                .containsExactly(
                        "ready",
                        "Azure Communication Services - Access Tokens Quickstart",
                        "Created an identity with ID: " + identity,
                        "Issued an access token with 'voip' scope for identity with ID: " + identity + expiring
                                + "eyJhbGciOiJSUzI1NiIs…",
                        "Issued an access token with 'chat' scope for identity with ID: " + identity + expiring
                                + "eyJhbGciOiJSUzI1NiIs…",
                        "Successfully revoked all access tokens for identity with ID: " + identity,
                        "Deleted the identity with ID: " + identity);
    }

    @Test
    void a_walkthrough_that_fails_says_at_what() throws Exception {
        int status = playedBy(true);

        assertThat(status).isEqualTo(1);
        assertThat(text(err)).containsPattern("DELETE http://.*/tokens answered 503 instead of 202: .*not now");
        assertThat(text(out)).contains("'chat' scope").doesNotContain("Successfully revoked");
    }

    private int playedBy(boolean forgetfulBroker) throws Exception {
        try (FakeBroker broker = FakeBroker.start(forgetfulBroker);
                DevelopmentIssuer issuer =
                        DevelopmentIssuer.start(LocalPort.HOST, 0, data.resolve("issuer"), Clock.systemUTC())) {
            return run(
                    "--parts=none",
                    "--walkthrough",
                    "--broker-port=" + broker.port(),
                    "--issuer-port=" + URI.create(issuer.uri()).getPort(),
                    "--data=" + data);
        }
    }

    private int run(String... arguments) {
        return LocalStack.run(
                new PrintStream(out, true, StandardCharsets.UTF_8),
                new PrintStream(err, true, StandardCharsets.UTF_8),
                arguments);
    }

    private static String text(ByteArrayOutputStream stream) {
        return stream.toString(StandardCharsets.UTF_8);
    }
}
