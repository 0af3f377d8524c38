package io.tokenbroker.tokens;

import java.time.Instant;
import org.jspecify.annotations.Nullable;

/** What the holder of a user's token is told. */
public sealed interface TokenSignal {

    /** The token to use from now on. */
    record Token(TokenResult.Issued issued) implements TokenSignal {}

    /** Every token told so far is void; the next follows when ACS has revoked them. */
    record Revoked(String reason) implements TokenSignal {}

    /** Every token told so far is void; the next follows when the user is resumed. */
    record Suspended(String reason) implements TokenSignal {}

    /** Every token told so far is void, and no other follows. The last signal. */
    record Deleted() implements TokenSignal {}

    /**
     * The next token is not there in time.
     *
     * @param expiresOn when the one told last ends; {@code null} where none was told
     */
    record Delayed(@Nullable Instant expiresOn) implements TokenSignal {}
}
