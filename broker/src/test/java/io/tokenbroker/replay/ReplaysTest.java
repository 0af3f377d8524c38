package io.tokenbroker.replay;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Clock;
import java.time.Duration;
import org.junit.jupiter.api.Test;
import reactor.core.publisher.Mono;
import reactor.test.StepVerifier;

/** What callers are answered where the book tells them late, or not in their time. */
class ReplaysTest {

    private static final Duration PATIENCE = Duration.ofSeconds(6);

    private final World world = new World();
    private final JobBook book = new JobBook();

    /** Takes everything, and tells the book of requests where it is to. */
    private record Log(JobBook book, boolean telling) implements JobLog {

        @Override
        public Mono<Void> append(ReplayRequest request) {
            return telling ? Mono.fromRunnable(() -> book.requested(request, 1)) : Mono.empty();
        }

        @Override
        public Mono<Void> append(Wish wish) {
            return Mono.empty();
        }
    }

    private Replays replays(boolean telling) {
        return new Replays(book, new Log(book, telling), Clock.systemUTC());
    }

    @Test
    void aJobThatIsDurableIsAnsweredThoughThisInstanceHasNotReadOfIt() {
        ReplayRequest request = world.request("job-1");

        StepVerifier.withVirtualTime(() -> replays(false).start(request))
                .thenAwait(PATIENCE)
                .expectNext(new Replays.Result.Done(Job.of(request)))
                .verifyComplete();
    }

    @Test
    void aWishThatTakesLongIsAnsweredWithTheJobAsItIsByThen() {
        ReplayRequest request = world.request("job-1");
        Replays replays = replays(true);
        StepVerifier.create(replays.start(request)).expectNextCount(1).verifyComplete();
        Job planned = Job.of(request).with(world.plan(request)).to(JobState.PLANNED, World.NINE, null);

        StepVerifier.withVirtualTime(() -> replays.cancel("job-1", "bob"))
                .expectSubscription()
                .then(() -> book.saved(planned, 2))
                .thenAwait(PATIENCE)
                .expectNext(new Replays.Result.Done(planned))
                .verifyComplete();
    }

    @Test
    void aWishForAJobThatIsForgottenMeanwhileIsForNone() {
        Replays replays = replays(true);
        StepVerifier.create(replays.start(world.request("job-1")))
                .expectNextCount(1)
                .verifyComplete();

        StepVerifier.withVirtualTime(() -> replays.cancel("job-1", "bob"))
                .expectSubscription()
                .then(() -> book.forgotten("job-1"))
                .thenAwait(PATIENCE)
                .expectNext(new Replays.Result.Unknown())
                .verifyComplete();
        assertThat(book.all()).isEmpty();
    }
}
