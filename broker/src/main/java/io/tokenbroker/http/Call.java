package io.tokenbroker.http;

import io.tokenbroker.directory.UserId;
import org.jspecify.annotations.Nullable;
import org.springframework.web.reactive.function.server.ServerRequest;

/**
 * One call that its caller may make.
 *
 * @param segment the path's variable segment, still encoded; empty where it has none
 * @param maybeCaller who calls; {@code null} only for a public operation
 * @param maybeUser the user whom the path names; {@code null} where it names none
 */
record Call(
        Operation operation,
        ServerRequest request,
        String segment,
        @Nullable Caller maybeCaller,
        @Nullable UserId maybeUser) {

    Caller caller() {
        if (maybeCaller == null) {
            throw new IllegalStateException(operation + " is public");
        }
        return maybeCaller;
    }

    UserId user() {
        if (maybeUser == null) {
            throw new IllegalStateException(operation + " names no user");
        }
        return maybeUser;
    }

    /** Whether a role, and not ownership alone, opened the operation. */
    boolean privileged() {
        return operation.access().privileged(caller());
    }
}
