package io.tokenbroker.http;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.tokenbroker.events.IdentityProvisioned;
import java.time.Duration;
import java.util.List;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.springframework.beans.factory.annotation.Autowired;
import reactor.core.publisher.Flux;

/** Over real sockets: what a client that stops reading costs, and whom. */
class SlowReaderTest extends HttpEdgeFixture {

    private static final Duration LONG = Duration.ofSeconds(20);
    private static final int BUFFER = 4 * 1024;
    private static final String PADDING = "8:acs:" + "x".repeat(900);

    @Autowired
    SseStreams streams;

    @Test
    void oneWhoStopsReadingIsCutOffAndGoesOnLaterWhileOthersSeeEverything() {
        String reader = ISSUER.token("reader", Role.EVENTS_READ);
        try (RawStream stalled = RawStream.open(port, "/v1/token-events", reader, BUFFER);
                RawStream other = RawStream.open(port, "/v1/token-events", reader, BUFFER)) {
            stalled.readUntil("started");
            other.readUntil("started");
            long before = streams.stalled();

            for (int i = 0; i < 2_000; i++) {
                feed.announce(new IdentityProvisioned("user-" + i, PADDING));
            }
            String seen = other.readUntil("user-1999");
            await().atMost(LONG).until(() -> streams.stalled() == before + 1);

            assertThat(users(seen)).hasSize(2_000);
            String taken = stalled.readToTheEnd();
            assertThat(taken.length())
                    .as("bytes that were under way to one who did not read")
                    .isLessThan(300_000);
            String last = lastId(taken);
            try (RawStream again = RawStream.open(port, "/v1/token-events?lastEventId=" + last, reader, BUFFER)) {
                List<String> rest = users(again.readUntil("user-1999"));
                int complete = users(complete(taken)).size();
                assertThat(rest).hasSize(2_000 - complete);
                assertThat(rest.getFirst()).isEqualTo("user-" + complete);
            }
        }
    }

    @Test
    void aStreamOfTokensThatNobodyReadsIsCutOffToo() {
        given(anActiveUser("sleeper"));
        try (RawStream stalled = RawStream.open(port, "/v1/users/me/tokens/stream", user("sleeper"), BUFFER)) {
            stalled.readUntil("event:token");
            long before = streams.stalled();

            Flux.interval(Duration.ofMillis(1))
                    .onBackpressureDrop()
                    .doOnNext(i -> given(i % 2 == 0 ? aSuspendedUser("sleeper") : anActiveUser("sleeper")))
                    .takeUntil(i -> streams.stalled() > before)
                    .blockLast(Duration.ofSeconds(60));

            assertThat(streams.stalled()).isEqualTo(before + 1);
        }
    }

    private static List<String> users(String stream) {
        return Pattern.compile("\"subject\":\"(user-\\d+)\"")
                .matcher(stream)
                .results()
                .map(found -> found.group(1))
                .toList();
    }

    /** Without the event that was cut in its middle. */
    private static String complete(String stream) {
        return stream.substring(0, stream.lastIndexOf("\n\n") + 2);
    }

    private static String lastId(String stream) {
        return Pattern.compile("id:(\\S+)\n")
                .matcher(complete(stream))
                .results()
                .map(found -> found.group(1))
                .reduce((one, next) -> next)
                .orElseThrow();
    }
}
