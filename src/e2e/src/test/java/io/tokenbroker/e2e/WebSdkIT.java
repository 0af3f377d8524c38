package io.tokenbroker.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.ExtendWith;
import tools.jackson.databind.JsonNode;

/** The public ACS client SDK, as its users have it, kept in tokens by the front ends' module; all at a time. */
@Timeout(180)
@ExtendWith(NodeScript.Needed.class)
class WebSdkIT {

    private static final Duration SOON = Duration.ofSeconds(30);
    private static final Duration LIMIT = Duration.ofSeconds(90);
    private static final int REFRESHES = 4;

    /** The SDK asks when half of so short a life is left; the broker pushes when a tenth is. */
    private static final int LIFETIME_SECONDS = 9;

    private static final int PAGE_PORT = FreePorts.next();
    private static final String PAGE_ORIGIN = "http://127.0.0.1:" + PAGE_PORT;

    private static Stack stack;
    private static BrokerProcess broker;
    private static BrokerApi admin;
    private static NodeScript stream;
    private static NodeScript pull;
    private static @Nullable NodeScript browser;

    @BeforeAll
    static void start() {
        stack = Stack.start(WebSdkIT.class, "--quota=none");
        List<String> settings = new ArrayList<>(Stack.NO_QUOTA);
        settings.add("--tokenbroker.security.cors.allowed-origins=" + PAGE_ORIGIN);
        broker = stack.broker(settings);
        admin = stack.admin(broker);
        stack.emulator().faults("{\"tokenLifetimeSeconds\":" + LIFETIME_SECONDS + "}");
        stream = sdk("stream");
        pull = sdk("pull");
        browser = NodeScript.chromium().map(WebSdkIT::pages).orElse(null);
        List.of(stream, pull).forEach(WebSdkIT::awaitWaiting);
        List.of("sdk-stream", "sdk-pull", "own", "cross").forEach(admin::createAndWait);
    }

    /** Its user is not there yet. */
    private static void awaitWaiting(NodeScript script) {
        script.awaitTold(2, SOON, "asked");
        assertThat(script.told("token")).isEmpty();
    }

    @AfterAll
    static void stop() {
        Stream.of(stream, pull, browser).filter(Objects::nonNull).forEach(NodeScript::close);
        if (stack != null) {
            stack.close();
        }
    }

    private static NodeScript sdk(String way) {
        return NodeScript.start(
                stack.log("sdk-" + way),
                "sdk.mjs",
                "--broker=" + broker.address(),
                "--issuer=" + stack.issuer(),
                "--user=sdk-" + way,
                "--way=" + way,
                "--refreshes=" + REFRESHES);
    }

    @Test
    void aCredentialIsValidThroughFourRefreshesThatAreStreamed() {
        JsonNode done = throughFourRefreshes(stream);

        assertThat(done.path("renewed").asInt())
                .as("fresh access tokens after reauth")
                .isPositive();
    }

    @Test
    void aCredentialIsValidThroughFourRefreshesThatAreAskedFor() {
        throughFourRefreshes(pull);
    }

    private static JsonNode throughFourRefreshes(NodeScript script) {
        JsonNode done = script.awaitDone(LIMIT);

        assertThat(done.path("tokens").asInt()).isGreaterThanOrEqualTo(REFRESHES + 1);
        assertThat(done.path("looks").asInt()).isGreaterThan(200);
        assertThat(done.path("ended").asInt(-1))
                .as("looks at a token that had ended")
                .isZero();
        assertThat(script.told("rejected")).isEmpty();
        return done;
    }

    @Test
    void aPageHasAValidTokenThroughTwoRefreshesARevocationAndUntilItsUserIsDeleted() {
        untilDeleted("own");
    }

    @Test
    void aPageOfAnotherOriginHasTheSameWhereThatOriginIsAllowed() {
        untilDeleted("cross");
    }

    private static NodeScript pages(Path chromium) {
        return NodeScript.start(
                stack.log("browser"),
                "browser.mjs",
                "--chromium=" + chromium,
                "--port=" + PAGE_PORT,
                "--broker=" + broker.address(),
                "--issuer=" + stack.issuer(),
                "--own-user=own",
                "--cross-user=cross");
    }

    private static void untilDeleted(String user) {
        NodeScript.requireChromium();
        NodeScript pages = Objects.requireNonNull(browser);
        pages.awaitTold(3, LIMIT, "token", user);
        assertThat(pages.told("token", user).get(2).path("shown").asString("")).isEqualTo("token 3");

        admin.revokeAndWait(user);
        pages.awaitTold(1, SOON, "revoked", user);
        pages.awaitTold(pages.told("token", user).size() + 1, SOON, "token", user);
        assertThat(pages.told("rejected", user)).isEmpty();
        admin.deleteAndWait(user);
        pages.awaitTold(1, SOON, "deleted", user);

        pages.awaitTold(1, SOON, "done", user);
        assertThat(pages.told("ended", user))
                .as("looks at a token that had ended")
                .isEmpty();
        assertThat(pages.told("revoked", user).getFirst().path("reason").asString(""))
                .isEqualTo("sessions-revoked");
    }
}
