package io.tokenbroker.tokens;

import io.tokenbroker.directory.UserId;
import java.util.Set;

/** What is leased: tokens of the same user, scopes and lifetime are interchangeable. */
record LeaseKey(UserId userId, Set<String> scopes, int minutes) {
    LeaseKey {
        scopes = Set.copyOf(scopes);
    }
}
