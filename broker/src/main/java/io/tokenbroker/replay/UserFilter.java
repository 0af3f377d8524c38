package io.tokenbroker.replay;

import io.tokenbroker.directory.UserId;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Whom a replay is about.
 *
 * @param prefix what their ids begin with; {@code null} for anything
 * @param users their ids; empty for all
 */
public record UserFilter(@Nullable String prefix, Set<String> users) {

    /** Leaves nobody out. */
    public static final UserFilter EVERYBODY = new UserFilter(null, Set.of());

    public UserFilter {
        users = Set.copyOf(users);
    }

    boolean matches(UserId userId) {
        return (prefix == null || userId.value().startsWith(prefix))
                && (users.isEmpty() || users.contains(userId.value()));
    }
}
