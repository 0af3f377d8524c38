package io.tokenbroker.http;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import io.tokenbroker.events.IdentityProvisioned;
import io.tokenbroker.outcomes.Wanted;
import io.tokenbroker.traces.Traces;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.function.Consumer;
import org.junit.jupiter.api.Test;
import org.reactivestreams.Subscription;
import org.springframework.core.io.buffer.DataBuffer;
import org.springframework.core.io.buffer.DefaultDataBufferFactory;
import reactor.core.publisher.BaseSubscriber;

class SseStreamTest {

    private static final Instant NOW = Instant.parse("2026-01-01T00:00:00Z");
    private static final Duration BEAT = Duration.ofSeconds(15);

    private final InMemoryOutcomeFeed feed = new InMemoryOutcomeFeed();
    private final Wire wire = new Wire();
    private final Client client = new Client();
    private Instant expiresOn = NOW.plusSeconds(3_600);

    @Test
    void aQuietStreamBeatsEveryFifteenSeconds() {
        SseStream stream = opened(Long.MAX_VALUE);
        assertThat(client.frames).first().isEqualTo("retry:2000\n:open\n\n");
        client.frames.clear();

        pass(stream, Duration.ofMillis(14_900));
        assertThat(client.frames).isEmpty();
        pass(stream, Duration.ofMillis(30_100));
        assertThat(client.frames).containsExactly(":heartbeat\n\n", ":heartbeat\n\n", ":heartbeat\n\n");
    }

    @Test
    void itAsksForANewTokenAMinuteBeforeTheOldOneEndsAndEndsWithIt() {
        expiresOn = NOW.plusSeconds(100);
        SseStream stream = opened(Long.MAX_VALUE);

        pass(stream, Duration.ofMillis(39_900));
        assertThat(client.frames).noneMatch(frame -> frame.contains("reauth"));
        pass(stream, Duration.ofMillis(100));
        assertThat(client.frames).last().isEqualTo("event:reauth\ndata:{\"expiresOn\":\"2026-01-01T00:01:40Z\"}\n\n");
        pass(stream, Duration.ofMillis(59_900));
        assertThat(client.ended).isFalse();
        pass(stream, Duration.ofMillis(100));
        assertThat(client.ended).isTrue();
        assertThat(feed.readers()).isZero();
    }

    @Test
    void itSaysGoodbyeWithWhenToComeBackBeforeTheInstanceShutsDown() {
        SseStream stream = opened(Long.MAX_VALUE);

        stream.leave(Duration.ofSeconds(3));

        assertThat(client.frames).last().isEqualTo("event:drain\nretry:3000\ndata:{}\n\n");
        assertThat(client.ended).isTrue();
    }

    @Test
    void whatIsNotWantedMovesThePositionAtTheNextHeartbeat() {
        SseStream stream = opened(Long.MAX_VALUE);
        announce("alice", "bob", "bob");
        assertThat(client.lastPosition()).isEqualTo(1);

        pass(stream, BEAT);
        assertThat(client.lastPosition()).isEqualTo(3);
        pass(stream, BEAT);
        assertThat(client.frames).last().isEqualTo(":heartbeat\n\n");
    }

    @Test
    void aHeartbeatNeverTellsThePositionOfWhatIsStillToBeRead() {
        SseStream stream = opened(3); // that it is open, that it has begun, and one event
        announce("alice", "alice", "bob");
        assertThat(client.lastPosition()).isEqualTo(1);

        pass(stream, BEAT);
        client.request(1);

        assertThat(client.lastPosition()).isEqualTo(2);
    }

    @Test
    void aGapIsToldWithItsReasonAndWhereToGoOn() {
        announce("bob");
        feed.forget();
        stream(new OutcomeContent(
                        new OutcomeFrames(Traces.OFF), feed, Wanted.EVERYTHING, InMemoryOutcomeFeed.at(0), false))
                .subscribe(client);
        client.request(9);

        assertThat(client.frames).last().asString().contains("event:gap\ndata:{\"reason\":\"retention\"}\n\n");
        assertThat(client.lastPosition()).isEqualTo(1);
    }

    @Test
    void aClientThatTakesNothingIsCutAndOneThatIsSlowIsNot() {
        SseStream stream = opened(4);
        for (int i = 0; i < 1_000; i++) {
            announce("alice");
        }
        for (int i = 0; i < 5; i++) {
            pass(stream, BEAT);
            client.request(1);
        }
        assertThat(wire.cut).isFalse();
        assertThat(client.frames).hasSize(9);

        pass(stream, BEAT.multipliedBy(2));

        assertThat(wire.cut).isTrue();
        assertThat(feed.readers()).isZero();
    }

    @Test
    void whatWasWrittenAndDoesNotLeaveTheConnectionCountsAsNotTaken() {
        SseStream stream = opened(Long.MAX_VALUE);
        wire.pending = 500;
        pass(stream, BEAT);
        wire.pending = 100;
        pass(stream, BEAT);
        assertThat(wire.cut).as("some of it left").isFalse();

        pass(stream, BEAT);

        assertThat(wire.cut).isTrue();
    }

    @Test
    void aQuietStreamWithNothingToSendIsNeverCut() {
        SseStream stream = opened(Long.MAX_VALUE);

        pass(stream, Duration.ofMinutes(50));

        assertThat(wire.cut).isFalse();
    }

    @Test
    void contentThatBreaksOffEndsTheStreamInTheOrdinaryWay() {
        SseContent broken = new SseContent() {
            @Override
            public void open(Runnable more) {}

            @Override
            public int write(int most, Consumer<byte[]> to) {
                throw new IllegalStateException();
            }

            @Override
            public boolean isOver() {
                return false;
            }

            @Override
            public void close() {}
        };
        stream(broken).subscribe(client);
        client.request(9);

        assertThat(client.ended).isTrue();
    }

    @Test
    void aClientThatLeavesClosesItsReader() {
        opened(Long.MAX_VALUE);

        client.cancel();

        assertThat(feed.readers()).isZero();
    }

    private SseStream opened(long demand) {
        SseStream stream = stream(new OutcomeContent(
                new OutcomeFrames(Traces.OFF), feed, new Wanted(Set.of("alice"), Set.of()), null, false));
        stream.subscribe(client);
        client.request(demand);
        return stream;
    }

    private SseStream stream(SseContent content) {
        return new SseStream(content, DefaultDataBufferFactory.sharedInstance, wire, expiresOn, BEAT, NOW);
    }

    private void announce(String... users) {
        for (String user : users) {
            feed.announce(new IdentityProvisioned(user, "8:acs:x"));
        }
    }

    private long passed;

    private void pass(SseStream stream, Duration time) {
        long until = passed + time.toMillis();
        while (passed < until) {
            passed += 100;
            stream.tick(NOW.toEpochMilli() + passed);
        }
    }

    private static final class Wire implements SseWire {

        private long pending;
        private boolean cut;

        @Override
        public long pending() {
            return pending;
        }

        @Override
        public void cut() {
            cut = true;
        }
    }

    private static final class Client extends BaseSubscriber<DataBuffer> {

        private final List<String> frames = new ArrayList<>();
        private boolean ended;

        @Override
        protected void hookOnSubscribe(Subscription subscription) {
            // asks when the test says so
        }

        @Override
        protected void hookOnNext(DataBuffer frame) {
            frames.add(frame.toString(UTF_8));
        }

        @Override
        protected void hookOnComplete() {
            ended = true;
        }

        long lastPosition() {
            String id = frames.reversed().stream()
                    .filter(frame -> frame.startsWith("id:"))
                    .map(frame -> frame.substring(3, frame.indexOf('\n')))
                    .findFirst()
                    .orElseThrow();
            return PositionCodec.decode(id)
                    .orElseThrow()
                    .next()
                    .values()
                    .iterator()
                    .next();
        }
    }
}
