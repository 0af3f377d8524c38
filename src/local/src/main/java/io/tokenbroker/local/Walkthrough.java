package io.tokenbroker.local;

import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.Duration;
import java.util.Base64;
import java.util.UUID;
import tools.jackson.databind.JsonNode;

/**
 * The access-token quickstart of Azure Communication Services, played by the broker: each line is printed when the
 * outcome event says that it is so.
 *
 * @see <a href="https://learn.microsoft.com/azure/communication-services/quickstarts/identity/access-tokens">Quickstart:
 *     Create and manage access tokens</a>
 */
final class Walkthrough {
    private static final Duration START = Duration.ofSeconds(10);
    private static final Duration LIMIT = Duration.ofSeconds(60);
    /** Less than a JWT's header. */
    private static final int SHOWN = 20;

    private final BrokerClient broker;
    private final PrintStream out;
    private final String user = "walkthrough-" + UUID.randomUUID();

    private Walkthrough(BrokerClient broker, PrintStream out) {
        this.broker = broker;
        this.out = out;
    }

    /** @throws WalkthroughFailure naming the first step that did not come about */
    static void play(Options options, PrintStream out) {
        try (BrokerClient broker = BrokerClient.of(options)) {
            new Walkthrough(broker, out).play();
        }
    }

    private void play() {
        out.println("Azure Communication Services - Access Tokens Quickstart");
        OutcomeFeed outcomes = broker.outcomes(user);
        outcomes.awaitStart(START);
        String identity = createIdentity(outcomes);
        issueToken(outcomes, identity, "voip");
        issueToken(outcomes, identity, "chat");
        revokeTokens(outcomes, identity);
        deleteIdentity(outcomes, identity);
    }

    private String createIdentity(OutcomeFeed outcomes) {
        String cause = broker.created(user);
        JsonNode outcome = outcomes.first(
                "an identity was created",
                LIMIT,
                event -> isOf(event, "tokenbroker.identity.provisioned.v1") && isCausedBy(event, cause));
        String identity = text(outcome, "identityId");
        out.println("Created an identity with ID: " + identity);
        return identity;
    }

    private void issueToken(OutcomeFeed outcomes, String identity, String scope) {
        JsonNode issued = broker.token(user, scope);
        String token = issued.path("token").asString("");
        String tokenId = sha256(token);
        JsonNode outcome = outcomes.first(
                "a token with '" + scope + "' scope was issued",
                LIMIT,
                event -> isOf(event, "tokenbroker.token.issued.v1")
                        && text(event, "tokenId").equals(tokenId));
        requireSame(identity, text(outcome, "identityId"));
        out.println("Issued an access token with '" + scope + "' scope for identity with ID: " + identity
                + " that expires at " + text(outcome, "expiresOn") + ": "
                + token.substring(0, Math.min(SHOWN, token.length())) + "…");
    }

    private void revokeTokens(OutcomeFeed outcomes, String identity) {
        String cause = broker.revokeTokens(user);
        JsonNode outcome = outcomes.first(
                "the tokens were revoked",
                LIMIT,
                event -> isOf(event, "tokenbroker.tokens.revoked.v1") && isCausedBy(event, cause));
        requireSame(identity, text(outcome, "identityId"));
        out.println("Successfully revoked all access tokens for identity with ID: " + identity);
    }

    private void deleteIdentity(OutcomeFeed outcomes, String identity) {
        String cause = broker.delete(user);
        JsonNode outcome = outcomes.first(
                "the identity was deleted",
                LIMIT,
                event -> isOf(event, "tokenbroker.identity.deleted.v1") && isCausedBy(event, cause));
        requireSame(identity, text(outcome, "identityId"));
        out.println("Deleted the identity with ID: " + identity);
    }

    private static void requireSame(String identity, String other) {
        if (!identity.equals(other)) {
            throw new WalkthroughFailure("the identity is " + identity + ", but an event speaks of " + other);
        }
    }

    private static boolean isOf(JsonNode event, String type) {
        return event.path("type").asString("").equals(type);
    }

    private static boolean isCausedBy(JsonNode event, String cause) {
        return event.path("causationid").asString("").equals(cause);
    }

    private static String text(JsonNode event, String field) {
        return event.path("data").path(field).asString("");
    }

    static String sha256(String token) {
        try {
            byte[] hash = MessageDigest.getInstance("SHA-256").digest(token.getBytes(StandardCharsets.UTF_8));
            return Base64.getUrlEncoder().withoutPadding().encodeToString(hash);
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every JDK has SHA-256", e);
        }
    }
}
