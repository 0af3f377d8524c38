package io.tokenbroker;

import io.tokenbroker.intake.FieldError;
import io.tokenbroker.tokens.LeaseLimits;
import io.tokenbroker.tokens.TokenPermission;
import io.tokenbroker.tokens.TokenPolicy;
import java.time.Duration;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;

/**
 * What tokens are like where nobody says, and how many a user may have.
 *
 * @param defaultLifetime whole minutes, 60 to 1440
 * @param maxPerUserPerMinute new tokens of one user in any minute, on each instance
 * @param maxLeases tokens held in memory to be handed out again, about 2 KB each; those nobody asks for go first
 * @param reuseWhileLeft the part of its life a token must have left to be handed out again
 * @param permitted the most that may be asked for
 */
@ConfigurationProperties("tokenbroker.tokens")
record TokenProperties(
        @DefaultValue({"chat", "voip"}) List<String> defaultScopes,
        @DefaultValue("PT24H") Duration defaultLifetime,
        @DefaultValue("10") int maxPerUserPerMinute,
        @DefaultValue("20000") int maxLeases,
        @DefaultValue("0.5") double reuseWhileLeft,
        @DefaultValue Permitted permitted) {

    /**
     * @param self by a user, of their own tokens
     * @param tokensIssue by a caller with the role {@code tokens.issue}, of anybody's
     */
    record Permitted(
            @DefaultValue Permission self, @DefaultValue Permission tokensIssue) {}

    /**
     * @param scopes by their names: {@code chat} does not permit {@code chat.join}
     * @param maxLifetime whole minutes, 60 to 1440
     */
    record Permission(
            @DefaultValue({"chat", "voip", "chat.join", "chat.join.limited", "voip.join"})
            List<String> scopes,

            @DefaultValue("PT24H") Duration maxLifetime) {

        Permission {
            scopes = List.copyOf(scopes);
        }

        TokenPermission permission() {
            return new TokenPermission(Set.copyOf(scopes), minutes(maxLifetime));
        }
    }

    TokenProperties {
        defaultScopes = List.copyOf(defaultScopes);
        check("default-scopes", defaultScopes, "default-lifetime", defaultLifetime);
        check(
                "permitted.self.scopes",
                permitted.self.scopes,
                "permitted.self.max-lifetime",
                permitted.self.maxLifetime);
        check(
                "permitted.tokens-issue.scopes",
                permitted.tokensIssue.scopes,
                "permitted.tokens-issue.max-lifetime",
                permitted.tokensIssue.maxLifetime);
        if (maxPerUserPerMinute < 1 || maxPerUserPerMinute > 10_000) {
            throw wrong("max-per-user-per-minute", "" + maxPerUserPerMinute, "1 to 10000");
        }
        if (maxLeases < 1 || maxLeases > 10_000_000) {
            throw wrong("max-leases", "" + maxLeases, "1 to 10000000");
        }
        if (!(reuseWhileLeft >= 0 && reuseWhileLeft <= 1)) {
            throw wrong("reuse-while-left", "" + reuseWhileLeft, "0 to 1");
        }
    }

    TokenPolicy policy() {
        return new TokenPolicy(
                Set.copyOf(defaultScopes),
                minutes(defaultLifetime),
                permitted.self.permission(),
                permitted.tokensIssue.permission());
    }

    LeaseLimits limits() {
        return new LeaseLimits(maxLeases, maxPerUserPerMinute, reuseWhileLeft);
    }

    private static void check(String ofScopes, List<String> scopes, String ofLifetime, Duration lifetime) {
        for (FieldError wrong : TokenPolicy.problems(new LinkedHashSet<>(scopes), null)) {
            throw wrong(ofScopes, wrong.value(), wrong.allowed());
        }
        for (FieldError wrong : TokenPolicy.problems(null, minutes(lifetime))) {
            throw wrong(ofLifetime, lifetime.toString(), wrong.allowed());
        }
    }

    private static int minutes(Duration lifetime) {
        return Math.clamp(lifetime.toMinutes(), -1, 100_000);
    }

    private static IllegalArgumentException wrong(String field, @Nullable String value, String allowed) {
        return new IllegalArgumentException(new FieldError("tokenbroker.tokens." + field, value, allowed).toString());
    }
}
