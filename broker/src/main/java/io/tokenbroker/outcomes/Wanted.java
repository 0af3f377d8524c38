package io.tokenbroker.outcomes;

import java.util.Set;

/**
 * Which outcomes a reader is told.
 *
 * @param users only those of these users; empty for everybody's
 * @param types only those of these event types; empty for every type
 */
public record Wanted(Set<String> users, Set<String> types) {

    public static final Wanted EVERYTHING = new Wanted(Set.of(), Set.of());

    public Wanted {
        users = Set.copyOf(users);
        types = Set.copyOf(types);
    }

    public boolean isOfEverybody() {
        return users.isEmpty();
    }

    public boolean isOfUser(String userId) {
        return users.isEmpty() || users.contains(userId);
    }

    public boolean isOfType(String type) {
        return types.isEmpty() || types.contains(type);
    }
}
