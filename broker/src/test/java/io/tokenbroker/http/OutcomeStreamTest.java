package io.tokenbroker.http;

import static org.assertj.core.api.Assertions.assertThat;

import io.tokenbroker.events.IdentityProvisioned;
import io.tokenbroker.outcomes.Outcome;
import io.tokenbroker.outcomes.OutcomeFeed.Item;
import io.tokenbroker.outcomes.OutcomeFeed.Reason;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.Objects;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.Test;
import org.springframework.http.codec.ServerSentEvent;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;
import reactor.test.StepVerifier;

class OutcomeStreamTest {

    private static final Instant NOW = Instant.parse("2026-01-01T00:00:00Z");
    private static final Instant LATE = NOW.plusSeconds(3_600);

    private final AtomicBoolean stalled = new AtomicBoolean();

    @Test
    void aQuietStreamBeatsEveryFifteenSeconds() {
        StepVerifier.withVirtualTime(
                        () -> stream(Flux.never(), LATE, Mono.never()).take(4))
                .assertNext(open -> assertThat(open.retry()).isEqualTo(Duration.ofSeconds(2)))
                .expectNoEvent(Duration.ofSeconds(15))
                .assertNext(beat -> assertThat(beat.comment()).isEqualTo("heartbeat"))
                .thenAwait(Duration.ofSeconds(30))
                .expectNextCount(2)
                .verifyComplete();
    }

    @Test
    void itAsksForANewTokenAMinuteBeforeTheOldOneEndsAndEndsWithIt() {
        StepVerifier.withVirtualTime(() -> withoutBeats(stream(Flux.never(), NOW.plusSeconds(100), Mono.never())))
                .expectSubscription()
                .expectNoEvent(Duration.ofSeconds(40))
                .assertNext(reauth -> {
                    assertThat(reauth.event()).isEqualTo("reauth");
                    assertThat(reauth.data()).isEqualTo("{\"expiresOn\":\"2026-01-01T00:01:40Z\"}");
                })
                .expectNoEvent(Duration.ofSeconds(59))
                .thenAwait(Duration.ofSeconds(1))
                .verifyComplete();
    }

    @Test
    void itSaysGoodbyeWithWhenToComeBackBeforeTheInstanceShutsDown() {
        Mono<Duration> drain = Mono.delay(Duration.ofSeconds(5)).thenReturn(Duration.ofSeconds(3));

        StepVerifier.withVirtualTime(() -> withoutBeats(stream(Flux.never(), LATE, drain)))
                .thenAwait(Duration.ofSeconds(5))
                .assertNext(goodbye -> {
                    assertThat(goodbye.event()).isEqualTo("drain");
                    assertThat(goodbye.retry()).isEqualTo(Duration.ofSeconds(3));
                })
                .verifyComplete();
    }

    @Test
    void whatIsNotWantedMovesThePositionAtTheNextHeartbeat() {
        Flux<Item> feed = Flux.<Item>just(announced(1, "alice"), announced(2, "bob"), announced(3, "bob"))
                .concatWith(Flux.never());

        StepVerifier.withVirtualTime(
                        () -> stream(feed, LATE, Mono.never()).skip(1).take(3))
                .thenAwait(Duration.ofMillis(1))
                .assertNext(event -> assertThat(position(event)).isEqualTo(1))
                .thenAwait(Duration.ofSeconds(15))
                .assertNext(beat -> assertThat(position(beat)).isEqualTo(3))
                .thenAwait(Duration.ofSeconds(15))
                .assertNext(beat -> assertThat(beat.id()).isNull())
                .verifyComplete();
    }

    @Test
    void aHeartbeatNeverTellsThePositionOfWhatStillWaits() {
        Flux<Item> feed = Flux.<Item>just(announced(1, "alice"), announced(2, "alice"), announced(3, "bob"))
                .concatWith(Flux.never());

        StepVerifier.withVirtualTime(() -> stream(feed, LATE, Mono.never()), 2)
                .thenAwait(Duration.ofSeconds(1))
                .expectNextCount(1)
                .assertNext(event -> assertThat(position(event)).isEqualTo(1))
                .thenAwait(Duration.ofSeconds(15))
                .thenRequest(1)
                .assertNext(next -> assertThat(position(next)).isEqualTo(2))
                .thenCancel()
                .verify();
    }

    @Test
    void aGapIsToldWithItsReasonAndWhereToGoOn() {
        Flux<Item> feed = Flux.just(new Item.Gap(InMemoryOutcomeFeed.at(9), Reason.RETENTION));

        StepVerifier.create(stream(feed, LATE, Mono.never()).skip(1))
                .assertNext(gap -> {
                    assertThat(gap.event()).isEqualTo("gap");
                    assertThat(gap.data()).isEqualTo("{\"reason\":\"retention\"}");
                    assertThat(position(gap)).isEqualTo(9);
                })
                .verifyComplete();
    }

    @Test
    void aSubscriberThatTakesNothingIsCutAndOneThatIsSlowIsNot() {
        Flux<Item> feed = Flux.range(1, 1_000).map(i -> announced(i, "alice"));

        StepVerifier.withVirtualTime(() -> stream(feed, LATE, Mono.never()), 3)
                .thenAwait(Duration.ofSeconds(15))
                .expectNextCount(3)
                .thenRequest(1)
                .expectNextCount(1)
                .then(() -> assertThat(stalled).isFalse())
                .thenAwait(Duration.ofSeconds(45))
                .then(() -> assertThat(stalled).isTrue())
                .verifyComplete();
    }

    @Test
    void aFeedThatBreaksOffEndsTheStreamInTheOrdinaryWay() {
        Flux<Item> feed = Flux.<Item>just(announced(1, "alice")).concatWith(Flux.error(new IllegalStateException()));

        StepVerifier.create(stream(feed, LATE, Mono.never())).expectNextCount(2).verifyComplete();
    }

    private Flux<ServerSentEvent<String>> stream(Flux<Item> feed, Instant expiresOn, Mono<Duration> drain) {
        SseSettings settings = new SseSettings(Duration.ofSeconds(15), 4, 10, 10);
        return new OutcomeStream(
                        outcome -> outcome.event().userId().equals("alice"), settings, Clock.fixed(NOW, ZoneOffset.UTC))
                .events(feed, expiresOn, drain, () -> stalled.set(true));
    }

    private static Flux<ServerSentEvent<String>> withoutBeats(Flux<ServerSentEvent<String>> stream) {
        return stream.filter(event -> event.event() != null);
    }

    private static long position(ServerSentEvent<String> event) {
        String id = Objects.requireNonNull(event.id());
        return PositionCodec.decode(id).orElseThrow().next().values().iterator().next();
    }

    private static Item announced(long next, String userId) {
        Outcome outcome = new Outcome("o" + next, NOW, new IdentityProvisioned(userId, "8:acs:x"), null, null);
        return new Item.Announced(InMemoryOutcomeFeed.at(next), outcome);
    }
}
