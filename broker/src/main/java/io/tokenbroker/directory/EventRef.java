package io.tokenbroker.directory;

import java.time.Instant;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
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
        @Nullable String traceparent) {

    /** W3C Trace Context, 3.2: version, trace id, parent id, flags. */
    private static final Pattern TRACEPARENT = Pattern.compile("[0-9a-f]{2}-([0-9a-f]{32})-[0-9a-f]{16}-.*");

    /** What all that the event is part of is known by; empty where its trace context has none, or is none. */
    public Optional<String> traceId() {
        return Optional.ofNullable(traceparent)
                .map(TRACEPARENT::matcher)
                .filter(Matcher::matches)
                .map(found -> found.group(1));
    }

    /** The same event, followed from another place of its trace. */
    public EventRef in(@Nullable String otherTraceparent) {
        return new EventRef(id, source, type, time, requestedBy, otherTraceparent);
    }
}
