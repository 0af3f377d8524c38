package io.tokenbroker.replay;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.tokenbroker.directory.LogPosition;
import io.tokenbroker.directory.ReplayOutcome;
import io.tokenbroker.directory.Standing;
import io.tokenbroker.events.UserCreated;
import io.tokenbroker.events.UserDeleted;
import io.tokenbroker.events.UserSuspended;
import io.tokenbroker.pipeline.Seeds;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Dead letters in bulk: planned, appended in their order, and none of them twice. */
class RedriveTest {

    private static final Duration PATIENCE = Duration.ofSeconds(20);
    private static final String REFUSED = "ACS: Forbidden";

    private World world = new World();
    private final JobBook book = new JobBook();
    private final List<JobDesk> desks = new ArrayList<>();
    private final LinkedBlockingQueue<Recorded.Event> appended = new LinkedBlockingQueue<>();
    private final List<String> eventsAppended = new ArrayList<>();
    private final AtomicLong written = new AtomicLong();

    @AfterEach
    void closeDesks() {
        desks.forEach(JobDesk::close);
    }

    private Recorded.Event created(String user) {
        return world.append(new UserCreated(user, null, null, null), "/hr", null, World.NINE);
    }

    /** A user whose identity ACS would not make. */
    private Letter parked(String user) {
        Recorded.Event event = created(user);
        world.decide(event);
        world.park(user);
        return world.deadLetter(event, REFUSED, 5);
    }

    private Plan plan() {
        return plan(LetterFilter.ALL, UserFilter.EVERYBODY);
    }

    private Plan plan(LetterFilter which, UserFilter users) {
        return world.plan(world.redrive("job", users, which));
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

    private void applyAppended() {
        for (Recorded.Event event = appended.poll(); event != null; event = appended.poll()) {
            world.apply(event);
        }
    }

    private Job run(String id) {
        ask(world.redrive(id, UserFilter.EVERYBODY, LetterFilter.ALL));
        desk(10, Integer.MAX_VALUE);
        return awaitOver(id);
    }

    private Job awaitOver(String id) {
        await().atMost(PATIENCE).pollInterval(Duration.ofMillis(2)).until(() -> {
            applyAppended();
            return book.find(id).orElseThrow().state().isOver();
        });
        return book.find(id).orElseThrow();
    }

    private final class Journal implements JobJournal {
        private int left;

        Journal(int commits) {
            left = commits;
        }

        @Override
        public synchronized List<LogPosition> commit(Job job, List<Ask> asks) {
            if (left-- <= 0) {
                throw new NoLongerOwner("fenced", new IllegalStateException());
            }
            List<LogPosition> positions = new ArrayList<>();
            for (Ask ask : asks) {
                Recorded.Event event = world.append(ask);
                eventsAppended.add(event.event().ref().id());
                appended.add(event);
                positions.add(event.position());
            }
            book.saved(job, written.incrementAndGet());
            return positions;
        }

        @Override
        public void forget(List<String> jobs) {
            jobs.forEach(book::forgotten);
        }
    }

    @Test
    void aParkedUserGetsAnIdentityAndASecondRunAppendsNothing() {
        parked("alice");
        parked("bob");

        Plan plan = plan();
        Job job = run("job-1");
        Job again = run("job-2");

        assertThat(plan.of(ReplayOutcome.REDRIVEN)).isEqualTo(2);
        assertThat(plan.calls().of(Calls.Kind.CREATE_USER_AND_TOKEN)).isEqualTo(2);
        assertThat(plan.samples().get(ReplayOutcome.REDRIVEN))
                .extracting(Plan.Sample::reason)
                .containsOnly(REFUSED);
        assertThat(job.state()).isEqualTo(JobState.COMPLETED);
        assertThat(Objects.requireNonNull(job.progress()).of(ReplayOutcome.REDRIVEN))
                .isEqualTo(2);
        assertThat(world.entry("alice").orElseThrow().identityId()).isNotNull();
        assertThat(world.callsSoFar()).isEqualTo(2);
        assertThat(Objects.requireNonNull(again.plan()).of(ReplayOutcome.UNCHANGED))
                .isEqualTo(2);
        assertThat(again.plan().changes()).isZero();
    }

    @Test
    void onlyWhatTheFiltersMatchIsRedriven() {
        parked("alice");
        parked("bob");
        world.deadLetter(created("bill"), "time is ahead", 0);

        assertThat(plan(new LetterFilter("Forbidden", null), UserFilter.EVERYBODY)
                        .total())
                .isEqualTo(2);
        assertThat(plan(new LetterFilter(null, UserDeleted.TYPE), UserFilter.EVERYBODY)
                        .total())
                .isZero();
        assertThat(plan(LetterFilter.ALL, new UserFilter("b", Set.of())).total())
                .isEqualTo(2);
        assertThat(plan(new LetterFilter("time", UserCreated.TYPE), new UserFilter(null, Set.of("bill", "bob")))
                        .total())
                .isEqualTo(1);
    }

    @Test
    void aFilterThatMatchesNoDeadLetterIsRefused() {
        parked("alice");
        ask(world.redrive("job-1", UserFilter.EVERYBODY, new LetterFilter("no such reason", null)));

        desk(10, Integer.MAX_VALUE);

        Job job = awaitOver("job-1");
        assertThat(job.state()).isEqualTo(JobState.FAILED);
        assertThat(job.reason()).contains("matches none of the dead letters");
    }

    @Test
    void whatWouldBecomeADeadLetterAgainStaysWhereItIs() {
        world.unreadableLetter("alice", "type is 'joiner'");

        Plan plan = plan();

        assertThat(plan.of(ReplayOutcome.REFUSED)).isEqualTo(1);
        assertThat(Objects.requireNonNull(plan.samples().get(ReplayOutcome.REFUSED)))
                .first()
                .extracting(Plan.Sample::reason)
                .isEqualTo("type is 'joiner'");
        assertThat(run("job-1").state()).isEqualTo(JobState.COMPLETED);
        assertThat(eventsAppended).isEmpty();
    }

    @Test
    void aLaterEventOfTheUserStands() {
        Letter letter = parked("alice");
        world.apply(world.append(new UserDeleted("alice"), "/other", null, World.NINE.minusSeconds(600)));

        Plan plan = plan();

        assertThat(letter.listed().attempts()).isEqualTo(5);
        assertThat(plan.of(ReplayOutcome.SUPERSEDED)).isEqualTo(1);
        assertThat(plan.changes()).isZero();
    }

    @Test
    void theDeadLettersOfOneUserAreRedrivenInTheirOrderThoughEachIsLaterThanTheOneBefore() {
        world.deadLetter(created("alice"), "time is ahead", 0);
        Recorded.Event suspended = world.append(new UserSuspended("alice"), "/hr", null, World.NINE);
        world.deadLetter(suspended, "time is ahead", 0);

        Job job = run("job-1");

        assertThat(Objects.requireNonNull(job.progress()).of(ReplayOutcome.REDRIVEN))
                .isEqualTo(2);
        assertThat(world.entry("alice").orElseThrow().standing()).isEqualTo(Standing.SUSPENDED);
    }

    @Test
    void anEventThatBecameADeadLetterTwiceIsAppendedOnce() {
        Letter first = parked("alice");
        Recorded.Event again = world.append(new Ask.Again(
                first.listed().place(),
                new io.tokenbroker.directory.UserId("alice"),
                ((Letter.Content.Event) first.content()).original()));
        world.decide(again);
        world.park("alice");
        world.deadLetter(again, REFUSED, 5);

        run("job-1");

        assertThat(eventsAppended).hasSize(1);
        assertThat(world.entry("alice").orElseThrow().identityId()).isNotNull();
    }

    @Test
    void aJobThatWasLeftAnywhereAppendsTheRestAndNothingTwice() {
        Seeds.each(25, seed -> {
            world = new World();
            appended.clear();
            eventsAppended.clear();
            Random random = new Random(seed);
            letters(random, 30);
            String id = "job-" + seed;
            Plan plan = world.plan(world.redrive(id, UserFilter.EVERYBODY, LetterFilter.ALL));
            ask(world.redrive(id, UserFilter.EVERYBODY, LetterFilter.ALL));
            for (int kill = 0; kill < 3; kill++) {
                JobDesk desk = desk(3, random.nextInt(6));
                if (random.nextBoolean()) {
                    applyAppended();
                }
                desk.close();
            }

            desk(3, Integer.MAX_VALUE);
            Job job = awaitOver(id);

            assertThat(eventsAppended).hasSize((int) plan.changes());
            assertThat(new HashSet<>(eventsAppended)).hasSameSizeAs(eventsAppended);
            Map<ReplayOutcome, Long> users =
                    Objects.requireNonNull(job.progress()).users();
            assertThat(users).isEqualTo(plan.users());
            desks.getLast().close();
        });
    }

    /** Of several users, some parked, some unreadable, some overtaken. */
    private void letters(Random random, int count) {
        for (int i = 0; i < count; i++) {
            switch (random.nextInt(4)) {
                case 0 -> world.unreadableLetter("user-" + i, "type is 'joiner'");
                case 1 -> {
                    parked("user-" + i);
                    world.apply(world.append(new UserDeleted("user-" + i), "/hr", null, World.NINE));
                }
                case 2 -> parked("user-" + i);
                default -> world.deadLetter(created("user-" + i), "time is ahead", 0);
            }
        }
    }
}
