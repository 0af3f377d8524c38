package io.tokenbroker.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

@Timeout(180)
class WalkthroughIT {

    @Test
    void theWalkthroughPlaysTheQuickstartAndEndsWell(@TempDir Path data) {
        try (LocalProcess local = LocalProcess.startJar(
                FastStart.LOGS.resolve("WalkthroughIT.log"),
                List.of(
                        "--walkthrough",
                        "--data=" + data,
                        "--broker-port=" + FreePorts.next(),
                        "--kafka-port=" + FreePorts.next(),
                        "--acs-port=" + FreePorts.next(),
                        "--emulator-port=" + FreePorts.next(),
                        "--issuer-port=" + FreePorts.next()))) {
            int status = local.awaitExit(Duration.ofSeconds(150));

            assertThat(local.output().lines().filter(line -> !line.startsWith("waiting")))
                    .as("%s", local.output())
                    .satisfiesExactly(
                            line -> assertThat(line).startsWith("ready "),
                            line -> assertThat(line)
                                    .isEqualTo("Azure Communication Services - Access Tokens Quickstart"),
                            line -> assertThat(line).matches("Created an identity with ID: 8:acs:\\S+"),
                            line -> assertThat(line).matches(issued("voip")),
                            line -> assertThat(line).matches(issued("chat")),
                            line -> assertThat(line)
                                    .matches("Successfully revoked all access tokens for identity with ID: 8:acs:\\S+"),
                            line -> assertThat(line).matches("Deleted the identity with ID: 8:acs:\\S+"));
            assertThat(status).isZero();
        }
    }

    /** A whole token would have dots. */
    private static String issued(String scope) {
        return "Issued an access token with '" + scope
                + "' scope for identity with ID: 8:acs:\\S+ that expires at \\S+: [A-Za-z0-9_-]{1,20}…";
    }
}
