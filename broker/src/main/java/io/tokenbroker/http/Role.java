package io.tokenbroker.http;

import java.util.Arrays;
import java.util.Optional;

/** What a JWT's roles claim may grant. */
enum Role {
    EVENTS_WRITE("events.write"),
    EVENTS_READ("events.read"),
    USERS_ADMIN("users.admin"),
    TOKENS_ISSUE("tokens.issue"),
    REPLAY("replay");

    private final String claim;

    Role(String claim) {
        this.claim = claim;
    }

    /** The name in a roles claim. */
    String claim() {
        return claim;
    }

    /** The role of that name; roles of other applications are none of ours. */
    static Optional<Role> of(String claim) {
        return Arrays.stream(values()).filter(role -> role.claim.equals(claim)).findFirst();
    }
}
