package io.tokenbroker.directory;

import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * The lifecycle event an entry or an outcome goes back to.
 *
 * @param requestedBy the caller on whose behalf the event was written, where one is known
 * @param traceparent W3C trace context of the event, where it had one
 */
public record EventRef(
        String id,
        String source,
        String type,
        Instant time,
        @Nullable String requestedBy,
        @Nullable String traceparent) {}
