package io.tokenbroker.directory;

import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * The latest version applied of one aspect from one source.
 *
 * @param sequence CloudEvents {@code sequence} of that event, where it had one
 */
public record Seen(Aspect aspect, String source, @Nullable String sequence, Instant time) {}
