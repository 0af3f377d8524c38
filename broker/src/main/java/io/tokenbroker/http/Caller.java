package io.tokenbroker.http;

import io.tokenbroker.directory.UserId;
import java.time.Instant;
import java.util.Set;

/**
 * Who is calling, as their JWT says; the JWT itself is not kept.
 *
 * @param userId the caller's own user id, prefix included
 * @param application whether the JWT was given to an application and not to a person
 * @param expiresOn when the JWT ends
 */
record Caller(UserId userId, Set<Role> roles, boolean application, Instant expiresOn) {

    Caller {
        roles = Set.copyOf(roles);
    }

    boolean has(Role role) {
        return roles.contains(role);
    }

    /** CloudEvents {@code authtype} of what this caller writes. */
    String authType() {
        return application ? "service_account" : "user";
    }
}
