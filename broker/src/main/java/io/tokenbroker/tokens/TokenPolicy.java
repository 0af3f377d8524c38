package io.tokenbroker.tokens;

import io.tokenbroker.directory.DirectoryEntry;
import io.tokenbroker.intake.FieldError;
import io.tokenbroker.tokens.TokenResult.NotPermitted;
import io.tokenbroker.tokens.TokenResult.Refused;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/**
 * Which tokens may be asked for, by whom, and what a token is like when nobody says. Scopes and bounds are those of the
 * ACS Identity API, version 2023-10-01.
 *
 * <p>What a request names is met to the letter or refused. What it leaves to the defaults is narrowed to what is
 * permitted, and the answer says what that is; only where nothing is left of them it is refused too.
 *
 * @param defaultScopes scopes of a token where neither the request nor the user's entry names any
 * @param defaultLifetimeMinutes likewise its lifetime
 * @param self the most a user may ask for
 * @param tokensIssue the most a caller may ask for who may have everybody's tokens
 */
public record TokenPolicy(
        Set<String> defaultScopes, int defaultLifetimeMinutes, TokenPermission self, TokenPermission tokensIssue) {

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

    /** Why such a request can be met for nobody, or not for this caller; empty where it may be met. */
    public Optional<TokenResult> refusal(TokenRequest request) {
        List<FieldError> problems = problems(request.scopes(), request.expiresInMinutes());
        if (!problems.isEmpty()) {
            return Optional.of(new Refused(problems));
        }
        return notPermitted(permission(request).beyond(request.scopes(), request.expiresInMinutes()));
    }

    /** Why such a request cannot be met for this user: the caller may have none of the user's default scopes. */
    public Optional<TokenResult> refusal(TokenRequest request, DirectoryEntry entry) {
        return scopes(request, entry).isEmpty()
                ? notPermitted(permission(request).beyond(defaultScopes(entry), null))
                : Optional.empty();
    }

    /** What such a request is for, given the user's entry; never more than is permitted. */
    LeaseKey key(TokenRequest request, DirectoryEntry entry) {
        return new LeaseKey(request.userId(), scopes(request, entry), minutes(request, entry));
    }

    /** The scopes of a token: as requested, else what the caller may have of the user's, or of the default. */
    private Set<String> scopes(TokenRequest request, DirectoryEntry entry) {
        Set<String> requested = request.scopes();
        return permission(request).of(requested == null ? defaultScopes(entry) : requested);
    }

    private Set<String> defaultScopes(DirectoryEntry entry) {
        return entry.scopes().isEmpty() ? defaultScopes : entry.scopes();
    }

    /** The lifetime of a token: as requested, else the user's, else the default; as long as it may be at most. */
    private int minutes(TokenRequest request, DirectoryEntry entry) {
        Integer requested = request.expiresInMinutes();
        Integer users = entry.lifetimeMinutes();
        int wanted = requested != null ? requested : users != null ? users : defaultLifetimeMinutes;
        return Math.min(wanted, permission(request).maxLifetimeMinutes());
    }

    private TokenPermission permission(TokenRequest request) {
        return switch (request.grant()) {
            case SELF -> self;
            case TOKENS_ISSUE -> tokensIssue;
        };
    }

    private static Optional<TokenResult> notPermitted(List<FieldError> beyond) {
        return beyond.isEmpty() ? Optional.empty() : Optional.of(new NotPermitted(beyond));
    }
}
