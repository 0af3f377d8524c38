package io.tokenbroker.pipeline;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.tokenbroker.directory.AcsIdentityId;
import io.tokenbroker.directory.CreateIntents;
import io.tokenbroker.directory.DirectoryEntry;
import io.tokenbroker.directory.DirectoryView;
import io.tokenbroker.directory.UserId;
import io.tokenbroker.lifecycle.IdentityOwnership;
import io.tokenbroker.lifecycle.Rules;
import io.tokenbroker.lifecycle.Step;
import io.tokenbroker.lifecycle.StepResult;
import io.tokenbroker.lifecycle.TokenDefaults;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;
import reactor.core.publisher.Mono;
import reactor.core.scheduler.Schedulers;

/** The pipeline on real threads, with answers, commits, records and demand coming from others. */
class ThreadsTest {

    private static final int RECORDS = 5_000;
    private static final int USERS = 300;

    private final DirectoryView view = new DirectoryView();
    private final List<Throwable> failures = new CopyOnWriteArrayList<>();
    private final Pipeline pipeline = new Pipeline(
            new Rules(new TokenDefaults(true, Set.of("chat"), 60), new NobodyElse()),
            view,
            new CreateIntents(),
            new QuickAcs(),
            new PipelineSettings(200, Rig.INTERVAL, Rig.DRAIN, Rig.PATIENT),
            new SimpleMeterRegistry(),
            Clock.systemUTC(),
            Schedulers.parallel());
    private final AtomicLong watermark = new AtomicLong();

    @Test
    void aBacklogGoesThroughWithinItsBoundAndEveryUserEndsAsTheLogSays() {
        InputLog log = new InputLog();
        for (int i = 0; i < RECORDS; i++) {
            String user = "user-" + i * 7 % USERS;
            int round = i / USERS % 3;
            if (round == 0) {
                log.created(user);
            } else if (round == 1) {
                log.suspended(user);
            } else {
                log.resumed(user);
            }
        }
        OwnedPartition partition = pipeline.assign(0, new QuickJournal(), 0, Mono.empty(), failures::add);
        AtomicLong allowed = new AtomicLong();
        AtomicInteger next = new AtomicInteger();
        AtomicLong most = new AtomicLong();
        pipeline.admission().open(allowed::addAndGet);

        await().atMost(Duration.ofSeconds(60))
                .pollInterval(Duration.ofMillis(1))
                .until(() -> {
                    while (next.get() < RECORDS && allowed.get() > 0) {
                        allowed.decrementAndGet();
                        partition.accept(log.records.get(next.getAndIncrement()));
                        most.accumulateAndGet(pipeline.admission().inside(), Math::max);
                    }
                    return watermark.get() == RECORDS;
                });

        await().until(() -> pipeline.admission().inside() == 0);
        partition.revoke().block(Duration.ofSeconds(10));
        assertThat(failures).isEmpty();
        assertThat(most.get()).isLessThanOrEqualTo(200);
        Wanted.of(log).forEach((userId, wanted) -> {
            DirectoryEntry entry = view.find(userId).orElseThrow();
            assertThat(entry.identityId() != null).isEqualTo(wanted.exists());
            assertThat(entry.revoking()).isFalse();
        });
        assertThat(view.size()).isEqualTo(USERS);
    }

    private static Mono<Void> soon() {
        return Mono.delay(Duration.ofMillis(ThreadLocalRandom.current().nextInt(5)))
                .then();
    }

    private final class QuickJournal implements PartitionJournal {
        private long offset;

        @Override
        public Mono<Void> commit(Transaction transaction) {
            return soon().then(Mono.fromRunnable(() -> {
                offset++;
                transaction.entries().forEach(entry -> view.apply(entry.userId(), offset, entry));
                watermark.accumulateAndGet(transaction.watermark(), Math::max);
            }));
        }

        @Override
        public boolean owns(UserId userId) {
            return true;
        }

        @Override
        public Mono<Void> close() {
            return Mono.empty();
        }
    }

    private static final class QuickAcs implements IdentityCalls {
        private final AtomicInteger made = new AtomicInteger();
        private final AtomicLong answered = new AtomicLong();

        @Override
        public Mono<StepResult> call(Step step, Priority priority, String callId, Mono<Void> beforeCall) {
            return soon().then(beforeCall).then(soon()).then(Mono.fromCallable(() -> {
                answered.incrementAndGet();
                return switch (step) {
                    case Step.CreateIdentity create ->
                        new StepResult.IdentityCreated(Acs.identity(made.incrementAndGet()), null);
                    case Step.CreateIdentityWithToken create ->
                        new StepResult.IdentityCreated(Acs.identity(made.incrementAndGet()), null);
                    case Step.RevokeTokens revoke -> new StepResult.TokensRevoked(revoke.identityId(), revoke.epoch());
                    case Step.DeleteIdentity delete -> new StepResult.IdentityDeleted(delete.identityId());
                };
            }));
        }

        @Override
        public long answered(Step step) {
            return answered.get();
        }
    }

    private static final class NobodyElse implements IdentityOwnership {
        @Override
        public boolean isForeign(AcsIdentityId identityId) {
            return false;
        }

        @Override
        public Optional<UserId> holderOf(AcsIdentityId identityId) {
            return Optional.empty();
        }
    }
}
