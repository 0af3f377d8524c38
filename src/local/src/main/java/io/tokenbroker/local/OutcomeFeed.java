package io.tokenbroker.local;

import java.io.UncheckedIOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.function.Predicate;
import java.util.stream.Stream;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/**
 * Outcome events out of a stream of server-sent events
 * (<a href="https://html.spec.whatwg.org/multipage/server-sent-events.html">HTML, 9.2</a>).
 */
final class OutcomeFeed {
    private static final Logger log = LoggerFactory.getLogger(OutcomeFeed.class);

    private final CountDownLatch started = new CountDownLatch(1);
    private final BlockingQueue<String> arrived = new LinkedBlockingQueue<>();
    private final List<JsonNode> seen = new ArrayList<>();
    private final JsonMapper json;

    /** @param lines of the stream; read until they end or their connection is cut */
    OutcomeFeed(Stream<String> lines, JsonMapper json) {
        this.json = json;
        Thread.ofVirtual().name("outcomes").start(() -> read(lines));
    }

    /** Returns when the stream has told its position, from which on it misses nothing, or the time is up. */
    void awaitStart(Duration limit) {
        try {
            started.await(limit.toMillis(), TimeUnit.MILLISECONDS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    /**
     * Returns the first event that fits, of all that this feed has had or will have.
     *
     * @param awaited what it tells, for the message of a failure
     * @throws WalkthroughFailure where none has come in time
     */
    JsonNode first(String awaited, Duration limit, Predicate<JsonNode> fits) {
        for (JsonNode event : seen) {
            if (fits.test(event)) {
                return event;
            }
        }
        long end = System.nanoTime() + limit.toNanos();
        while (true) {
            String next = next(end - System.nanoTime());
            if (next.isEmpty()) {
                throw new WalkthroughFailure("no event told within " + limit.toSeconds() + " s that " + awaited);
            }
            JsonNode event = json.readTree(next);
            seen.add(event);
            if (fits.test(event)) {
                return event;
            }
        }
    }

    private String next(long nanos) {
        try {
            String next = arrived.poll(nanos, TimeUnit.NANOSECONDS);
            return next == null ? "" : next;
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return "";
        }
    }

    /** Until the stream ends, which a client that is closed does abruptly. */
    private void read(Stream<String> lines) {
        try {
            readAll(lines);
        } catch (UncheckedIOException e) {
            log.debug("the stream of outcomes ended: {}", e.toString());
        }
    }

    private void readAll(Stream<String> lines) {
        StringBuilder data = new StringBuilder();
        lines.forEach(line -> {
            if (line.startsWith("data:")) {
                data.append(line.substring("data:".length())).append('\n');
            } else if (line.startsWith("id:")) {
                started.countDown();
            } else if (line.isEmpty() && !data.isEmpty()) {
                arrived.add(data.toString());
                data.setLength(0);
            }
        });
    }
}
