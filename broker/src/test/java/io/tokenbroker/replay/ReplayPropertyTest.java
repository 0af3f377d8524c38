package io.tokenbroker.replay;

import static org.assertj.core.api.Assertions.assertThat;

import io.tokenbroker.directory.DirectoryEntry;
import io.tokenbroker.directory.ReplayOutcome;
import io.tokenbroker.directory.Seen;
import io.tokenbroker.directory.Standing;
import io.tokenbroker.pipeline.Seeds;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/** Random logs, folded and applied, against the same logs applied event by event. */
class ReplayPropertyTest {

    @Test
    void aReplayedLogEndsAsOneThatWasAppliedLive() {
        Seeds.each(400, seed -> {
            World replayed = Histories.of(new Random(seed), 80);
            World live = Histories.of(new Random(seed), 80);
            live.events().forEach(live::apply);

            applyAll(replayed, "job-1");

            forEachUser(user -> assertThat(known(replayed, user)).as(user).isEqualTo(known(live, user)));
        });
    }

    @Test
    void applyingMakesTheCallsThatThePlanSaid() {
        Seeds.each(300, seed -> {
            Random random = new Random(seed);
            World world = Histories.of(random, 60);
            world.events().stream().filter(event -> random.nextInt(3) == 0).forEach(world::apply);
            Plan plan = world.plan(world.request("job-1"));
            int before = world.callsSoFar();

            applyAll(world, "job-1");

            assertThat(world.callsSoFar() - before).isEqualTo((int) plan.calls().total());
        });
    }

    @Test
    void aSecondRunHasNothingToDo() {
        Seeds.each(300, seed -> {
            Random random = new Random(seed);
            World world = Histories.of(random, 60);
            world.events().stream().filter(event -> random.nextBoolean()).forEach(world::apply);
            ReplayRequest first = world.request("job-1");
            applyAll(world, first);

            Plan sameRange = world.plan(new ReplayRequest(
                    "job-2",
                    Mode.PROVISION,
                    first.range(),
                    first.filter(),
                    null,
                    false,
                    false,
                    false,
                    "a",
                    World.NINE));
            Plan withWhatTheFirstWrote = world.plan(world.request("job-3"));

            assertThat(sameRange.changes()).isZero();
            assertThat(withWhatTheFirstWrote.changes()).isZero();
        });
    }

    @Test
    void whatWasAppliedLaterStandsWheneverItComes() {
        Seeds.each(300, seed -> {
            Random random = new Random(seed);
            World world = Histories.of(random, 60);
            ReplayRequest request = world.request("job-1");
            List<Recorded.Event> later = IntStream.range(60, 75)
                    .mapToObj(i -> Histories.write(world, random, i))
                    .toList();
            World live = Histories.of(new Random(seed), 60);
            Random sameAgain = new Random(seed);
            World throwaway = Histories.of(sameAgain, 60);
            assertThat(throwaway.events()).hasSize(60);
            IntStream.range(60, 75).forEach(i -> Histories.write(live, sameAgain, i));
            live.events().forEach(live::apply);
            int cut = random.nextInt(later.size());

            List<Judgement> judged = judge(world, request);
            later.subList(0, cut).forEach(world::apply);
            append(world, judged);
            later.subList(cut, later.size()).forEach(world::apply);

            forEachUser(user -> {
                Optional<DirectoryEntry> entry = world.entry(user);
                boolean superseded = entry.map(DirectoryEntry::lastReplay)
                        .filter(replayed -> replayed.outcome() == ReplayOutcome.SUPERSEDED)
                        .isPresent();
                if (later.stream()
                        .noneMatch(event -> event.event().userId().value().equals(user))) {
                    assertThat(superseded).isFalse();
                    assertThat(known(world, user)).as(user).isEqualTo(known(live, user));
                }
            });
        });
    }

    private static void applyAll(World world, String job) {
        applyAll(world, world.request(job));
    }

    private static void applyAll(World world, ReplayRequest request) {
        append(world, judge(world, request));
    }

    private static List<Judgement> judge(World world, ReplayRequest request) {
        List<Judgement> judged = new java.util.ArrayList<>();
        world.ground(10).candidates(request, null, () -> {}).forEach(false, judged::add);
        return judged;
    }

    private static void append(World world, List<Judgement> judged) {
        for (Judgement judgement : judged) {
            if (judgement.ask() != null) {
                world.apply(world.append(judgement.ask()));
            }
        }
    }

    private static void forEachUser(java.util.function.Consumer<String> check) {
        IntStream.range(0, Histories.USERS).mapToObj(i -> "user-" + i).forEach(check);
    }

    /** What is known of a user who exists; of others, that they do not. */
    private record Known(
            Standing standing,
            boolean identity,
            Set<String> scopes,
            @Nullable Integer lifetime,
            Set<String> seen) {}

    private static Optional<Known> known(World world, String user) {
        return world.entry(user)
                .filter(entry -> entry.standing() == Standing.ACTIVE || entry.standing() == Standing.SUSPENDED)
                .map(entry -> new Known(
                        entry.standing(),
                        entry.identityId() != null,
                        entry.scopes(),
                        entry.lifetimeMinutes(),
                        seen(entry)));
    }

    private static Set<String> seen(DirectoryEntry entry) {
        Set<String> seen = new TreeSet<>();
        for (Seen one : entry.seen()) {
            seen.add(one.toString());
        }
        return seen;
    }
}
