package io.tokenbroker.directory;

import java.time.Instant;

/**
 * An event whose work was given up for now; its record is in the dead letters.
 *
 * @param reason why, never with a secret in it
 */
public record Parked(String eventId, String reason, Instant since) {}
