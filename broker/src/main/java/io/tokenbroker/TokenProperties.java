package io.tokenbroker;

import io.tokenbroker.intake.FieldError;
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
 */
@ConfigurationProperties("tokenbroker.tokens")
record TokenProperties(
        @DefaultValue({"chat", "voip"}) List<String> defaultScopes,
        @DefaultValue("PT24H") Duration defaultLifetime,
        @DefaultValue("10") int maxPerUserPerMinute) {

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
    }

    TokenPolicy policy() {
        return new TokenPolicy(Set.copyOf(defaultScopes), minutes(defaultLifetime));
    }

    private static int minutes(Duration lifetime) {
        return Math.clamp(lifetime.toMinutes(), -1, 100_000);
    }

    private static IllegalArgumentException wrong(String field, @Nullable String value, String allowed) {
        return new IllegalArgumentException(new FieldError("tokenbroker.tokens." + field, value, allowed).toString());
    }
}
