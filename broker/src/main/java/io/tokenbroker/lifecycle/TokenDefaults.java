package io.tokenbroker.lifecycle;

import java.util.Set;

/**
 * What holds for users whose events do not say.
 *
 * @param firstToken whether a new identity of a live event comes with a first token
 * @param lifetimeMinutes 60 to 1440
 */
public record TokenDefaults(boolean firstToken, Set<String> scopes, int lifetimeMinutes) {

    public TokenDefaults {
        scopes = Set.copyOf(scopes);
        if (scopes.isEmpty()) {
            throw new IllegalArgumentException("default scopes are empty; allowed: at least one ACS token scope");
        }
        if (lifetimeMinutes < 60 || lifetimeMinutes > 1440) {
            throw new IllegalArgumentException(
                    "default lifetime is " + lifetimeMinutes + " minutes; allowed: 60 to 1440");
        }
    }

    /** The scopes a user with these own ones has. */
    Set<String> effective(Set<String> own) {
        return own.isEmpty() ? scopes : own;
    }
}
