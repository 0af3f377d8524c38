package io.tokenbroker.replay;

import io.tokenbroker.directory.LogPosition;
import java.util.List;

/**
 * What was found in the range, besides users.
 *
 * @param records read
 * @param foreign of types that are neither ours nor aliased
 * @param strays in another partition than their user's
 * @param unreadable could not be read; the first of them in {@code malformed}
 */
public record Scanned(long records, long foreign, long strays, long unreadable, List<Malformed> malformed) {

    static final Scanned NOTHING = of(0);

    /** So many records, of which nothing is to be said. */
    static Scanned of(long records) {
        return new Scanned(records, 0, 0, 0, List.of());
    }

    /** A record that cannot be applied, and why. */
    public record Malformed(LogPosition position, String reason) {}

    public Scanned {
        malformed = List.copyOf(malformed);
    }
}
