package io.tokenbroker.tokens;

import io.tokenbroker.intake.FieldError;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/**
 * The most that may be asked for by some right. Scopes are taken by their names: {@code chat} does not permit
 * {@code chat.join}.
 *
 * @param scopes no token has others; at least one
 * @param maxLifetimeMinutes no token is issued for longer, 60 to 1440
 */
public record TokenPermission(Set<String> scopes, int maxLifetimeMinutes) {

    /** Whatever ACS issues. */
    public static final TokenPermission ALL = new TokenPermission(TokenPolicy.SCOPES, TokenPolicy.MAX_LIFETIME_MINUTES);

    /** @throws IllegalArgumentException for scopes or a lifetime that no token has */
    public TokenPermission {
        for (FieldError wrong : TokenPolicy.problems(scopes, maxLifetimeMinutes)) {
            throw new IllegalArgumentException("permitted " + wrong);
        }
        scopes = Set.copyOf(scopes);
    }

    /** What of this is not permitted, each scope by itself; nothing where all of it is. */
    List<FieldError> beyond(@Nullable Set<String> wanted, @Nullable Integer minutes) {
        List<FieldError> beyond = new ArrayList<>();
        if (wanted != null) {
            String allowed = "one or more of " + String.join(", ", new TreeSet<>(scopes));
            for (String scope : new TreeSet<>(wanted)) {
                if (!scopes.contains(scope)) {
                    beyond.add(new FieldError("/scopes", scope, allowed));
                }
            }
        }
        if (minutes != null && minutes > maxLifetimeMinutes) {
            String allowed = TokenPolicy.MIN_LIFETIME_MINUTES + " to " + maxLifetimeMinutes + " minutes";
            beyond.add(new FieldError("/expiresInMinutes", minutes.toString(), allowed));
        }
        return beyond;
    }

    /** What of these is permitted. */
    Set<String> of(Set<String> wanted) {
        Set<String> left = new TreeSet<>(wanted);
        left.retainAll(scopes);
        return left;
    }
}
