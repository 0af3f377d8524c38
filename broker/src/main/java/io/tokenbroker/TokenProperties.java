package io.tokenbroker;

import io.tokenbroker.intake.FieldError;
import io.tokenbroker.tokens.LeaseLimits;
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
 */
@ConfigurationProperties("tokenbroker.tokens")
record TokenProperties(
        @DefaultValue({"chat", "voip"}) List<String> defaultScopes,
        @DefaultValue("PT24H") Duration defaultLifetime,
        @DefaultValue("10") int maxPerUserPerMinute,
        @DefaultValue("20000") int maxLeases,
        @DefaultValue("0.5") double reuseWhileLeft) {

    TokenProperties {
        defaultScopes = List.copyOf(defaultScopes);
        Set<String> scopes = new LinkedHashSet<>(defaultScopes);
        for (FieldError wrong : TokenPolicy.problems(scopes, null)) {
            throw wrong("default-scopes", wrong.value(), wrong.allowed());
        }
        for (FieldError wrong : TokenPolicy.problems(null, minutes(defaultLifetime))) {
            throw wrong("default-lifetime", defaultLifetime.toString(), wrong.allowed());
        }
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
        return new TokenPolicy(Set.copyOf(defaultScopes), minutes(defaultLifetime));
    }

    LeaseLimits limits() {
        return new LeaseLimits(maxLeases, maxPerUserPerMinute, reuseWhileLeft);
    }

    private static int minutes(Duration lifetime) {
        return Math.clamp(lifetime.toMinutes(), -1, 100_000);
    }

    private static IllegalArgumentException wrong(String field, @Nullable String value, String allowed) {
        return new IllegalArgumentException(new FieldError("tokenbroker.tokens." + field, value, allowed).toString());
    }
}
