package io.tokenbroker.tokens;

import io.tokenbroker.directory.DirectoryEntry;
import io.tokenbroker.intake.FieldError;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/**
 * Which tokens may be asked for, and what a token is like when nobody says. Scopes and bounds are those of the ACS
 * Identity API, version 2023-10-01.
 *
 * @param defaultScopes scopes of a token where neither the request nor the user's entry names any
 * @param defaultLifetimeMinutes likewise its lifetime
 */
public record TokenPolicy(Set<String> defaultScopes, int defaultLifetimeMinutes) {

    /** Every scope there is. */
    public static final Set<String> SCOPES = Set.of("chat", "voip", "chat.join", "chat.join.limited", "voip.join");

    public static final int MIN_LIFETIME_MINUTES = 60;
    public static final int MAX_LIFETIME_MINUTES = 1440;

    private static final String ALLOWED_SCOPES = "one or more of " + String.join(", ", new TreeSet<>(SCOPES));
    private static final String ALLOWED_LIFETIME = MIN_LIFETIME_MINUTES + " to " + MAX_LIFETIME_MINUTES + " minutes";

    /** @throws IllegalArgumentException for defaults that no request could ask for */
    public TokenPolicy {
        List<FieldError> problems = problems(defaultScopes, defaultLifetimeMinutes);
        if (!problems.isEmpty()) {
            throw new IllegalArgumentException("default of " + problems.getFirst());
        }
        defaultScopes = Set.copyOf(defaultScopes);
    }

    /** What is wrong with a request; nothing where it may be met. */
    public static List<FieldError> problems(@Nullable Set<String> scopes, @Nullable Integer minutes) {
        List<FieldError> problems = new ArrayList<>();
        if (scopes != null && scopes.isEmpty()) {
            problems.add(new FieldError("/scopes", "[]", ALLOWED_SCOPES));
        }
        if (scopes != null) {
            for (String scope : new TreeSet<>(scopes)) {
                if (!SCOPES.contains(scope)) {
                    problems.add(new FieldError("/scopes", scope, ALLOWED_SCOPES));
                }
            }
        }
        if (minutes != null && (minutes < MIN_LIFETIME_MINUTES || minutes > MAX_LIFETIME_MINUTES)) {
            problems.add(new FieldError("/expiresInMinutes", minutes.toString(), ALLOWED_LIFETIME));
        }
        return problems;
    }

    /** What such a request is for, given the user's entry. */
    LeaseKey key(TokenRequest request, DirectoryEntry entry) {
        return new LeaseKey(request.userId(), scopes(request, entry), minutes(request, entry));
    }

    /** The scopes of a token: as requested, else the user's, else the default. */
    Set<String> scopes(TokenRequest request, DirectoryEntry entry) {
        Set<String> requested = request.scopes();
        if (requested != null) {
            return requested;
        }
        return entry.scopes().isEmpty() ? defaultScopes : entry.scopes();
    }

    /** The lifetime of a token: as requested, else the user's, else the default. */
    int minutes(TokenRequest request, DirectoryEntry entry) {
        Integer requested = request.expiresInMinutes();
        if (requested != null) {
            return requested;
        }
        Integer users = entry.lifetimeMinutes();
        return users == null ? defaultLifetimeMinutes : users;
    }
}
