package io.tokenbroker.http;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import io.tokenbroker.directory.UserId;
import io.tokenbroker.outcomes.Wanted;
import io.tokenbroker.traces.Traces;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.springframework.http.codec.HttpMessageWriter;
import org.springframework.mock.http.server.reactive.MockServerHttpRequest;
import org.springframework.mock.web.server.MockServerWebExchange;
import org.springframework.web.reactive.function.server.HandlerStrategies;
import org.springframework.web.reactive.function.server.ServerResponse;
import org.springframework.web.reactive.result.view.ViewResolver;
import reactor.core.Disposable;
import reactor.core.publisher.Mono;

class SseStreamsTest {

    private static final SseSettings SETTINGS = new SseSettings(Duration.ofSeconds(15), 3, 2);

    private final SseStreams streams = new SseStreams(SETTINGS, Clock.systemUTC());

    @Test
    void oneCallerCannotTakeEveryStream() {
        open("alice");
        open("alice");

        assertThatExceptionOfType(Problem.class).isThrownBy(() -> open("alice")).satisfies(problem -> {
            assertThat(problem.type()).isEqualTo(ProblemType.TOO_MANY_STREAMS);
            assertThat(problem.headers().getFirst("Retry-After")).isNotNull();
        });
        open("bob");
    }

    @Test
    void anInstanceHasSoManyStreamsAndNoMore() {
        open("alice");
        open("bob");
        open("carol");

        assertThatExceptionOfType(Problem.class)
                .isThrownBy(() -> open("dave"))
                .satisfies(problem -> assertThat(problem.type()).isEqualTo(ProblemType.STREAMS_EXHAUSTED));
    }

    @Test
    void aStreamThatEndsLeavesItsPlace() {
        List<Disposable> all = new ArrayList<>(List.of(open("alice"), open("alice"), open("bob")));

        all.forEach(Disposable::dispose);

        assertThat(streams.open()).isZero();
        open("alice");
    }

    @Test
    void anAnswerThatIsNeverSentTakesNoPlace() {
        for (int i = 0; i < 10; i++) {
            streams.answer(caller("alice"), new SseWire.None(), quiet()).block();
        }

        assertThat(streams.open()).isZero();
    }

    @Test
    void whoIsToLeaveIsToldWhenToComeBackEachAtAnotherMoment() {
        List<Long> waits = new ArrayList<>();
        for (int i = 0; i < 50; i++) {
            SseStreams instance = new SseStreams(SETTINGS, Clock.systemUTC());
            instance.start();
            MockServerWebExchange exchange = exchange();
            var unused = answer(instance, "alice", exchange).subscribe();
            instance.stop();
            String body = exchange.getResponse().getBodyAsString().block();
            waits.add(Long.valueOf(String.valueOf(body).replaceAll("(?s).*event:drain\nretry:(\\d+)\n.*", "$1")));
        }

        assertThat(waits).allMatch(wait -> wait >= 1_000 && wait < 10_000);
        assertThat(Set.copyOf(waits)).hasSizeGreaterThan(10);
    }

    private Disposable open(String userId) {
        return answer(streams, userId, exchange()).subscribe();
    }

    private static MockServerWebExchange exchange() {
        return MockServerWebExchange.from(MockServerHttpRequest.get("/"));
    }

    private static Mono<Void> answer(SseStreams streams, String userId, MockServerWebExchange exchange) {
        ServerResponse answer = streams.answer(caller(userId), new SseWire.None(), quiet())
                .blockOptional()
                .orElseThrow();
        return answer.writeTo(exchange, new Strategies());
    }

    private static SseContent quiet() {
        return new OutcomeContent(
                new OutcomeFrames(Traces.OFF), new InMemoryOutcomeFeed(), Wanted.EVERYTHING, null, false);
    }

    private static Caller caller(String userId) {
        return new Caller(new UserId(userId), Set.of(), false, Instant.MAX);
    }

    private static final class Strategies implements ServerResponse.Context {

        private final HandlerStrategies strategies = HandlerStrategies.withDefaults();

        @Override
        public List<HttpMessageWriter<?>> messageWriters() {
            return strategies.messageWriters();
        }

        @Override
        public List<ViewResolver> viewResolvers() {
            return List.of();
        }
    }
}
