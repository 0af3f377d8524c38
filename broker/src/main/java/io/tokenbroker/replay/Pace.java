package io.tokenbroker.replay;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.Deque;

/** How fast something went of late. */
final class Pace {

    private static final Duration WINDOW = Duration.ofSeconds(20);

    private record Mark(Instant at, long done) {}

    private final Deque<Mark> marks = new ArrayDeque<>();

    /** So much is done by now; answers how much of it a second was done within the window. */
    double at(Instant now, long done) {
        marks.addLast(new Mark(now, done));
        while (marks.getFirst().at().isBefore(now.minus(WINDOW))) {
            marks.removeFirst();
        }
        Mark first = marks.getFirst();
        double seconds = Duration.between(first.at(), now).toMillis() / 1000.0;
        return seconds <= 0 ? 0 : (done - first.done()) / seconds;
    }
}
