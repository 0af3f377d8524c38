package io.tokenbroker.replay;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.tokenbroker.directory.AcsIdentityId;
import io.tokenbroker.directory.LogPosition;
import io.tokenbroker.directory.ReplayOutcome;
import io.tokenbroker.directory.Standing;
import io.tokenbroker.events.UserCreated;
import io.tokenbroker.events.UserDeleted;
import io.tokenbroker.pipeline.Seeds;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Jobs on their desk, over a world in memory whose pipeline applies what was appended when it is told to. */
class JobRunTest {

    private static final Duration PATIENCE = Duration.ofSeconds(20);

    private World world = new World();
    private final JobBook book = new JobBook();
    private final List<JobDesk> desks = new ArrayList<>();
    private final LinkedBlockingQueue<Recorded.Event> appended = new LinkedBlockingQueue<>();
    private final AtomicLong written = new AtomicLong();

    @AfterEach
    void closeDesks() {
        desks.forEach(JobDesk::close);
    }

    /** Fails once it has committed so many times. */
    private final class Journal implements JobJournal {
        private int left;
        private int attempts;

        Journal(int commits) {
            left = commits;
        }

        @Override
        public synchronized List<LogPosition> commit(Job job, List<Ask> asks) {
            attempts++;
            if (left-- <= 0) {
                throw new NoLongerOwner("fenced", new IllegalStateException());
            }
            List<LogPosition> positions = new ArrayList<>();
            for (Ask ask : asks) {
                Recorded.Event event = world.append(ask);
                appended.add(event);
                positions.add(event.position());
            }
            book.saved(job, written.incrementAndGet());
            return positions;
        }

        synchronized int attempts() {
            return attempts;
        }

        @Override
        public void forget(List<String> jobs) {
            jobs.forEach(book::forgotten);
        }
    }

    /** Takes no record that names users. */
    private JobJournal shortRecordsOnly() {
        Journal journal = new Journal(Integer.MAX_VALUE);
        return new JobJournal() {
            @Override
            public List<LogPosition> commit(Job job, List<Ask> asks) {
                if (!job.request().filter().equals(UserFilter.EVERYBODY)) {
                    throw new TooLarge("too large", new IllegalStateException());
                }
                return journal.commit(job, asks);
            }

            @Override
            public void forget(List<String> jobs) {
                journal.forget(jobs);
            }
        };
    }

    private void ask(ReplayRequest request) {
        book.requested(request, written.incrementAndGet());
    }

    private JobDesk desk(int window, int commits) {
        JobDesk desk = new JobDesk(world.ground(window), book, 3);
        desks.add(desk);
        desk.open(new Journal(commits));
        return desk;
    }

    /** The pipeline applies all that is there. */
    private void applyAppended() {
        for (Recorded.Event event = appended.poll(); event != null; event = appended.poll()) {
            world.apply(event);
        }
    }

    private Job awaitOver(String id) {
        await().atMost(PATIENCE).pollInterval(Duration.ofMillis(2)).until(() -> {
            applyAppended();
            return book.find(id).orElseThrow().state().isOver();
        });
        return book.find(id).orElseThrow();
    }

    private void users(int count) {
        for (int i = 0; i < count; i++) {
            world.append(new UserCreated("user-" + i, null, null, null), "/hr", null, World.NINE);
        }
    }

    @Test
    void aDryRunEndsWithThePlanAndTouchesNobody() {
        users(7);
        ReplayRequest request = world.request("job-1");
        ask(new ReplayRequest(
                "job-1",
                Mode.PROVISION,
                request.range(),
                request.filter(),
                null,
                true,
                false,
                false,
                "admin",
                World.NINE));

        desk(10, Integer.MAX_VALUE);

        Job job = awaitOver("job-1");
        assertThat(job.state()).isEqualTo(JobState.COMPLETED);
        assertThat(Objects.requireNonNull(job.plan()).of(ReplayOutcome.CREATED)).isEqualTo(7);
        assertThat(job.plan().calls().total()).isEqualTo(7);
        assertThat(world.callsSoFar()).isZero();
    }

    @Test
    void aJobNeverHasMoreOutstandingThanItsWindow() {
        users(100);
        ask(world.request("job-1"));
        desk(8, Integer.MAX_VALUE);
        List<Integer> rounds = new ArrayList<>();

        await().atMost(PATIENCE).pollInterval(Duration.ofMillis(5)).until(() -> {
            rounds.add(appended.size());
            applyAppended();
            return book.find("job-1").orElseThrow().state().isOver();
        });

        assertThat(rounds).allMatch(round -> round <= 8);
        Progress progress =
                Objects.requireNonNull(book.find("job-1").orElseThrow().progress());
        assertThat(progress.of(ReplayOutcome.CREATED)).isEqualTo(100);
    }

    @Test
    void aJobThatWasLeftAnywhereGoesOnWithTheRestAndItsTotalsAreExact() {
        Seeds.each(15, seed -> {
            world = Histories.of(new Random(seed), 60);
            appended.clear();
            String id = "job-" + seed;
            Random random = new Random(seed);
            Plan plan = world.plan(world.request(id));
            ask(world.request(id));
            for (int kill = 0; kill < 3; kill++) {
                JobDesk desk = desk(3, random.nextInt(6));
                if (random.nextBoolean()) {
                    applyAppended();
                }
                desk.close();
            }

            desk(3, Integer.MAX_VALUE);
            Job job = awaitOver(id);

            assertThat(job.state()).isEqualTo(JobState.COMPLETED);
            Progress progress = Objects.requireNonNull(job.progress());
            assertThat(progress.users()).isEqualTo(plan.users());
            assertThat(world.callsSoFar()).isEqualTo((int) plan.calls().total());
            desks.getLast().close();
        });
    }

    /** Told by how often it could save the job: never, with the plan, and once it was applying. */
    @ParameterizedTest
    @CsvSource({"0, SCANNING", "1, PLANNED", "2, APPLYING", "3, APPLYING"})
    void aJobWhoseRunnerDiesAtAnyStageIsDoneByTheNext(int commits, JobState stage) {
        users(20);
        ask(world.request("job-1"));
        JobDesk first = desk(5, commits);
        await().atMost(PATIENCE).until(() -> book.find("job-1").orElseThrow().state() == stage);
        first.close();

        desk(5, Integer.MAX_VALUE);
        Job job = awaitOver("job-1");

        assertThat(job.state()).isEqualTo(JobState.COMPLETED);
        assertThat(Objects.requireNonNull(job.progress()).of(ReplayOutcome.CREATED))
                .isEqualTo(20);
        assertThat(world.callsSoFar()).isEqualTo(20);
    }

    @Test
    void aJobThatIsPausedWhenItsRunnerDiesStaysPaused() {
        users(20);
        ask(world.request("job-1"));
        book.wished(new Wish("job-1", Wish.Want.PAUSE, "alice", World.NINE));
        desk(5, Integer.MAX_VALUE);
        await().atMost(PATIENCE).until(() -> book.find("job-1").orElseThrow().state() == JobState.PAUSED);
        desks.getLast().close();

        desk(5, Integer.MAX_VALUE);

        await().during(Duration.ofMillis(600))
                .atMost(PATIENCE)
                .until(() -> book.find("job-1").orElseThrow().state() == JobState.PAUSED);
        book.wished(new Wish("job-1", Wish.Want.RUN, "alice", World.NINE));
        assertThat(awaitOver("job-1").state()).isEqualTo(JobState.COMPLETED);
    }

    @Test
    void aJobWhoseLogCannotBeReadForAWhileBeginsAnewAndCountsNobodyTwice() {
        users(50);
        ask(world.request("job-1"));
        // one while planning, one while applying
        world.failReadings(Set.of(2, 7));

        desk(5, Integer.MAX_VALUE);

        Job job = awaitOver("job-1");
        assertThat(job.state()).isEqualTo(JobState.COMPLETED);
        assertThat(Objects.requireNonNull(job.plan()).of(ReplayOutcome.CREATED)).isEqualTo(50);
        assertThat(Objects.requireNonNull(job.progress()).of(ReplayOutcome.CREATED))
                .isEqualTo(50);
        assertThat(world.callsSoFar()).isEqualTo(50);
    }

    @Test
    void aPausedJobGoesOnWhenItIsResumedAndACancelledOneDoesNot() {
        users(30);
        ask(world.request("job-1"));
        book.wished(new Wish("job-1", Wish.Want.PAUSE, "alice", World.NINE));
        desk(5, Integer.MAX_VALUE);
        await().atMost(PATIENCE).until(() -> book.find("job-1").orElseThrow().state() == JobState.PAUSED);
        assertThat(world.callsSoFar()).isZero();

        book.wished(new Wish("job-1", Wish.Want.RUN, "alice", World.NINE));
        await().atMost(PATIENCE).until(() -> book.find("job-1").orElseThrow().state() == JobState.APPLYING);
        book.wished(new Wish("job-1", Wish.Want.CANCEL, "bob", World.NINE));

        Job job = awaitOver("job-1");
        assertThat(job.state()).isEqualTo(JobState.CANCELLED);
        assertThat(job.events().getLast().by()).isEqualTo("bob");
    }

    @Test
    void whoIsDeletedLiveWhileTheReplayWantsThemCreatedStaysDeleted() {
        users(1);
        ReplayRequest request = world.request("job-1");
        Recorded.Event deleted = world.append(new UserDeleted("user-0"), "/hr", null, World.NINE.plusSeconds(60));
        ask(request);
        desk(5, Integer.MAX_VALUE);
        await().atMost(PATIENCE).until(() -> !appended.isEmpty());

        world.apply(deleted);
        Job job = awaitOver("job-1");

        assertThat(world.entry("user-0").orElseThrow().standing()).isEqualTo(Standing.GONE);
        assertThat(Objects.requireNonNull(job.progress()).of(ReplayOutcome.SUPERSEDED))
                .isEqualTo(1);
        assertThat(world.callsSoFar()).isZero();
    }

    @Test
    void aFilterThatMatchesNobodyIsRefused() {
        users(3);
        ask(world.request("job-1", Mode.PROVISION, new UserFilter("nobody", Set.of())));

        desk(5, Integer.MAX_VALUE);

        Job job = awaitOver("job-1");
        assertThat(job.state()).isEqualTo(JobState.FAILED);
        assertThat(job.reason()).contains("matches none");
    }

    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void aJobThatMeetsAFaultOfTheBrokerFailsAndIsNotBegunAgain(boolean error) {
        users(3);
        ask(world.request("job-1"));
        AtomicInteger readings = new AtomicInteger();
        History broken = (topicId, span, acceptGap, each) -> {
            readings.incrementAndGet();
            if (error) {
                throw new StackOverflowError("too deep");
            }
            throw new IllegalArgumentException("no such thing");
        };
        Ground ground = world.ground(5);
        JobDesk desk = new JobDesk(
                new Ground(
                        broken,
                        ground.letters(),
                        ground.rules(),
                        ground.directory(),
                        ground.quota(),
                        ground.resources(),
                        ground.clock(),
                        ground.window()),
                book,
                3);
        desks.add(desk);

        desk.open(new Journal(Integer.MAX_VALUE));
        Job job = awaitOver("job-1");

        assertThat(job.state()).isEqualTo(JobState.FAILED);
        assertThat(job.reason()).contains("fault of the broker", error ? "too deep" : "no such thing");
        assertThat(readings).hasValue(1);
    }

    @Test
    void aJobWhoseJournalIsOfNoUseAnyMoreWaitsForAnother() {
        users(3);
        ask(world.request("job-1"));
        Journal useless = new Journal(0);
        JobDesk desk = new JobDesk(world.ground(5), book, 3);
        desks.add(desk);

        desk.open(useless);
        await().atMost(PATIENCE).until(() -> useless.attempts() > 0);
        await().during(Duration.ofMillis(300)).atMost(PATIENCE).until(() -> useless.attempts() == 1);
        desk.open(new Journal(Integer.MAX_VALUE));

        assertThat(awaitOver("job-1").state()).isEqualTo(JobState.COMPLETED);
    }

    @Test
    void aJobThatIsTooLargeToBeSavedFailsAndTheNextOneIsRun() {
        users(3);
        ReplayRequest large = world.request("job-1", Mode.PROVISION, new UserFilter(null, Set.of("user-1")));
        ask(large);
        JobDesk desk = new JobDesk(world.ground(5), book, 3);
        desks.add(desk);

        desk.open(shortRecordsOnly());
        Job failed = awaitOver("job-1");
        ask(world.request("job-2"));

        assertThat(failed.state()).isEqualTo(JobState.FAILED);
        assertThat(failed.reason()).contains("too large");
        assertThat(failed.request()).isEqualTo(large);
        assertThat(awaitOver("job-2").state()).isEqualTo(JobState.COMPLETED);
    }

    @Test
    void aJobThatIsTooLargeToBeSavedCanBeCancelled() {
        users(3);
        ask(world.request("job-1", Mode.PROVISION, new UserFilter(null, Set.of("user-1"))));
        book.wished(new Wish("job-1", Wish.Want.CANCEL, "bob", World.NINE));
        JobDesk desk = new JobDesk(world.ground(5), book, 3);
        desks.add(desk);

        desk.open(shortRecordsOnly());

        assertThat(awaitOver("job-1").state()).isEqualTo(JobState.CANCELLED);
    }

    @Test
    void ofTwoJobsOfAModeTheOneThatTheTopicHasFirstIsRun() {
        users(3);
        ask(world.request("job-1"));
        ask(world.request("job-2"));

        desk(5, Integer.MAX_VALUE);

        assertThat(awaitOver("job-1").state()).isEqualTo(JobState.COMPLETED);
        Job second = awaitOver("job-2");
        assertThat(second.state()).isEqualTo(JobState.FAILED);
        assertThat(second.reason()).contains("job-1");
        assertThat(second.plan()).isNull();
    }

    @Test
    void aJobAskedForOnceTheOneBeforeIsOverIsRun() {
        users(3);
        ask(world.request("job-1"));
        desk(5, Integer.MAX_VALUE);
        awaitOver("job-1");

        ask(world.request("job-2"));

        assertThat(awaitOver("job-2").state()).isEqualTo(JobState.COMPLETED);
    }

    @Test
    void theLatestJobsAreKeptAndTheOthersForgotten() {
        users(1);
        desk(5, Integer.MAX_VALUE);

        for (int i = 0; i < 6; i++) {
            ask(world.request("job-" + i));
            awaitOver("job-" + i);
        }

        await().atMost(PATIENCE)
                .untilAsserted(
                        () -> assertThat(book.all()).extracting(Job::id).containsExactly("job-5", "job-4", "job-3"));
    }

    @Test
    void aRefusedJobStaysRefusedWhenTheOneThatWasInItsWayIsForgotten() {
        users(1);
        ask(world.request("job-0"));
        ask(world.request("job-refused"));
        desk(5, Integer.MAX_VALUE);
        awaitOver("job-0");

        await().atMost(PATIENCE).until(() -> book.refusedUnsaid().isEmpty());

        book.forgotten("job-0");
        assertThat(book.find("job-refused").orElseThrow().state()).isEqualTo(JobState.FAILED);
    }

    @Test
    void rebuildGivesEverybodyOneIdentityOnTheCurrentResource() {
        users(20);
        world.events().forEach(world::apply);
        world.moveOn();
        int before = world.callsSoFar();
        ask(world.request("job-1", Mode.REBUILD, UserFilter.EVERYBODY));

        desk(6, Integer.MAX_VALUE);

        Job job = awaitOver("job-1");
        assertThat(Objects.requireNonNull(job.progress()).of(ReplayOutcome.MOVED))
                .isEqualTo(20);
        assertThat(world.callsSoFar() - before).isEqualTo(40);
        assertThat(Objects.requireNonNull(job.plan()).calls().total()).isEqualTo(40);
        IntStream.range(0, 20).forEach(i -> {
            AcsIdentityId has = world.entry("user-" + i).orElseThrow().identityId();
            assertThat(Objects.requireNonNull(has).resourceId()).isEqualTo(World.CURRENT);
        });
    }

    @Test
    void recordsAwayFromHomeAreFoldedWithTheirUser() {
        int away = (World.home("alice") + 1) % World.PARTITIONS;
        world.append(away, new UserCreated("alice", null, null, null), "/hr", null, World.NINE);
        world.append(away, new UserCreated("bob", null, null, null), "/hr", null, World.NINE);
        world.append(new UserDeleted("alice"), "/hr", null, World.NINE.plusSeconds(60));

        Plan plan = world.plan(world.request("job-1"));

        assertThat(plan.scanned().strays()).isPositive();
        assertThat(plan.of(ReplayOutcome.CREATED)).isEqualTo(1);
        assertThat(plan.of(ReplayOutcome.UNCHANGED)).isEqualTo(1);
    }
}
