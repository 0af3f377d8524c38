package io.tokenbroker.http;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import io.tokenbroker.directory.UserId;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.springframework.http.codec.HttpMessageWriter;
import org.springframework.http.codec.ServerSentEvent;
import org.springframework.mock.http.server.reactive.MockServerHttpRequest;
import org.springframework.mock.web.server.MockServerWebExchange;
import org.springframework.web.reactive.function.server.HandlerStrategies;
import org.springframework.web.reactive.function.server.ServerResponse;
import org.springframework.web.reactive.result.view.ViewResolver;
import reactor.core.Disposable;
import reactor.core.publisher.Flux;
import reactor.test.StepVerifier;

class SseStreamsTest {

    private final SseStreams streams = new SseStreams(new SseSettings(Duration.ofSeconds(15), 16, 3, 2));

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
            streams.answer(caller("alice"), Flux.never()).block();
        }

        assertThat(streams.open()).isZero();
    }

    @Test
    void whoIsToLeaveIsToldWhenToComeBackEachAtAnotherMoment() {
        streams.start();
        Flux<Duration> goodbyes = Flux.range(0, 50).flatMap(i -> streams.drain());

        StepVerifier.create(goodbyes.distinct().count())
                .then(streams::stop)
                .assertNext(different -> assertThat(different).isGreaterThan(10))
                .verifyComplete();
    }

    private Disposable open(String userId) {
        Flux<ServerSentEvent<String>> quiet = Flux.never();
        ServerResponse answer =
                streams.answer(caller(userId), quiet).blockOptional().orElseThrow();
        return answer.writeTo(MockServerWebExchange.from(MockServerHttpRequest.get("/")), new Strategies())
                .subscribe();
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
