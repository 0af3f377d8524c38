package io.tokenbroker.lifecycle;

import static org.assertj.core.api.Assertions.assertThat;

import io.tokenbroker.directory.AcsIdentityId;
import io.tokenbroker.directory.DirectoryEntry;
import io.tokenbroker.directory.EventRef;
import io.tokenbroker.directory.LogPosition;
import io.tokenbroker.directory.Standing;
import io.tokenbroker.directory.UserId;
import io.tokenbroker.directory.Verdict;
import io.tokenbroker.events.IdentitySuspended;
import io.tokenbroker.events.LifecycleEvent;
import io.tokenbroker.events.OutcomeEvent;
import io.tokenbroker.events.UserCreated;
import io.tokenbroker.intake.UserEvent;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Objects;
import java.util.Random;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** One user's life drawn from a seed: the log, what is durable, what is only in memory, and what ACS has. */
final class Life {

    private static final AcsIdentityId BOBS = Users.identity(9_001);

    /** All that a crash takes back to how it was at the latest commit. */
    private record Memory(
            DirectoryEntry entry, Expected expected, Set<AcsIdentityId> heardOf, List<OutcomeEvent> outcomes) {
        Memory {
            heardOf = Set.copyOf(heardOf);
            outcomes = List.copyOf(outcomes);
        }
    }

    private final Random random;
    private final List<LifecycleEvent> log = new ArrayList<>();
    private final LedgerModel acs = new LedgerModel();
    /** Live identities nobody can know of: an answer was lost, or an adoption was refused. */
    private final Set<AcsIdentityId> orphans = new HashSet<>();

    private DirectoryEntry entry = DirectoryEntry.unknown(Users.ALICE);
    private Expected expected = Expected.NOBODY;
    /** Identities the user has or had, until their end is heard of. */
    private Set<AcsIdentityId> heardOf = new HashSet<>();

    private List<OutcomeEvent> outcomes = new ArrayList<>();
    private Memory durable = new Memory(entry, expected, heardOf, outcomes);

    private @Nullable Step asked;
    private @Nullable StepResult answer;

    Life(Random random) {
        this.random = random;
        Users.HOLDERS.put(BOBS, new UserId("bob"));
    }

    void play() {
        for (int i = 0; i < 60; i++) {
            switch (random.nextInt(10)) {
                case 0, 1 -> append(next());
                case 2, 3 -> ask();
                case 4, 5 -> hear();
                case 6, 7 -> commit();
                case 8 -> issue();
                default -> crash();
            }
            check();
        }
        settle();
        while (entry.parked() != null) {
            append(expected.exists() ? Users.created(expected.scopes()) : Users.DELETED);
            settle();
        }
        checkSettled();
    }

    private LifecycleEvent next() {
        return switch (random.nextInt(6)) {
            case 0 -> RandomEvents.ofReplay(random, expected.decided());
            case 1 -> Users.adopting(candidate());
            default -> RandomEvents.ofUpstream(random);
        };
    }

    private AcsIdentityId candidate() {
        List<AcsIdentityId> all = new ArrayList<>(List.of(new AcsIdentityId(Users.FOREIGN), BOBS, somebodyElses()));
        // what upstream can know of: neither one that was never told, nor one that is no more
        durable.heardOf().stream().filter(acs.live()::contains).forEach(all::add);
        return all.get(random.nextInt(all.size()));
    }

    /** Made without the broker, with a token that no epoch of ours knows; nobody refers to it until it is adopted. */
    private AcsIdentityId somebodyElses() {
        AcsIdentityId theirs = acs.make();
        acs.issue(theirs, Long.MAX_VALUE);
        orphans.add(theirs);
        return theirs;
    }

    private void append(LifecycleEvent event) {
        log.add(event);
        apply(log.size() - 1);
    }

    private void apply(int offset) {
        LifecycleEvent event = log.get(offset);
        EventRef ref = new EventRef(
                "event-" + offset, Users.HR, event.type(), Users.NINE.plusSeconds(60L * offset), null, null);
        boolean refused = event instanceof UserCreated created
                && created.identityId() != null
                && !mayAdopt(new AcsIdentityId(created.identityId()));
        Verdict verdict = refused ? Verdict.REFUSED : expected.heeds(event) ? Verdict.APPLIED : Verdict.IGNORED;
        expected = refused ? expected.at(offset) : expected.after(event, offset);

        Decision decision = Users.RULES.apply(
                entry,
                new UserEvent(Users.ALICE, event, ref, null, false),
                new LogPosition(Users.TOPIC, 0, offset),
                Users.NINE);

        entry = decision.next();
        assertThat(entry.lastVerdict()).as("of %s", event).isEqualTo(verdict);
        if (verdict == Verdict.APPLIED) {
            assertThat(entry.parked()).as("after %s", event).isNull();
        }
        tell(decision);
    }

    /** Ours, nobody's else, and either the user's own or the first one after none. */
    private boolean mayAdopt(AcsIdentityId identityId) {
        if (identityId.value().equals(Users.FOREIGN) || identityId.equals(BOBS)) {
            return false;
        }
        AcsIdentityId has = entry.identityId();
        return identityId.equals(has) || (has == null && !heardOf.contains(identityId));
    }

    private void tell(Decision decision) {
        outcomes.addAll(decision.outcomes());
        AcsIdentityId has = entry.identityId();
        if (has != null && heardOf.add(has)) {
            orphans.remove(has);
        }
        for (OutcomeEvent outcome : decision.outcomes()) {
            if (outcome instanceof IdentitySuspended) {
                assertThat(acs.tokensOf(Objects.requireNonNull(has)))
                        .as("good tokens of a user told to be suspended")
                        .isEmpty();
            }
        }
    }

    /** ACS does the work at once; whether anybody hears of it comes later. Nothing is asked that is not durable. */
    private void ask() {
        if (asked == null && durable.entry().equals(entry)) {
            asked = Users.RULES.nextStep(entry).orElse(null);
            boolean refused = random.nextInt(8) == 0;
            answer = asked == null || refused ? null : acs.work(asked);
        }
    }

    private void hear() {
        Step step = asked;
        StepResult result = answer;
        asked = null;
        answer = null;
        if (step == null) {
            return;
        }
        if (result == null) {
            refused(step);
        } else if (random.nextInt(5) == 0) {
            lose(result);
        } else {
            if (result instanceof StepResult.IdentityCreated created) {
                heardOf.add(created.identityId());
            }
            Decision decision = Users.RULES.completed(entry, step, result, Users.NINE);
            entry = decision.next();
            if (result instanceof StepResult.IdentityDeleted deleted) {
                heardOf.remove(deleted.identityId());
            }
            tell(decision);
        }
    }

    /** Given up, unless a later event has put other work in its place. */
    private void refused(Step step) {
        if (Users.RULES.nextStep(entry).filter(step::equals).isPresent()) {
            entry = Users.RULES.park(entry, "refused", Users.NINE);
            assertThat(Users.RULES.nextStep(entry)).isEmpty();
        }
    }

    private void lose(StepResult result) {
        if (result instanceof StepResult.IdentityCreated created) {
            orphans.add(created.identityId());
        }
    }

    /** A caller is given a token, as is allowed only while no revocation is under way. */
    private void issue() {
        AcsIdentityId has = entry.identityId();
        if (has != null && durable.entry().equals(entry) && entry.standing() == Standing.ACTIVE && !entry.revoking()) {
            acs.issue(has, entry.tokenEpoch());
        }
    }

    private void commit() {
        durable = new Memory(entry, expected, heardOf, outcomes);
    }

    /** What was not durable is gone, and the log is read again from there; an answer may have been heard and lost. */
    private void crash() {
        if (answer != null) {
            lose(answer);
        }
        asked = null;
        answer = null;
        heardOf.stream().filter(one -> !durable.heardOf().contains(one)).forEach(orphans::add);
        entry = durable.entry();
        expected = durable.expected();
        heardOf = new HashSet<>(durable.heardOf());
        outcomes = new ArrayList<>(durable.outcomes());
        for (int offset = (int) expected.decided() + 1; offset < log.size(); offset++) {
            apply(offset);
        }
    }

    private void settle() {
        do {
            commit();
            ask();
            hear();
            check();
        } while (asked != null || Users.RULES.nextStep(entry).isPresent());
        commit();
    }

    private void check() {
        assertThat(entry.tokenEpoch()).as("epoch").isEqualTo(expected.epoch());
        assertThat(entry.standing() == Standing.ACTIVE || entry.standing() == Standing.SUSPENDED)
                .as("exists")
                .isEqualTo(expected.exists());
        assertThat(entry.standing() == Standing.SUSPENDED).as("suspended").isEqualTo(expected.suspended());
        assertThat(entry.lastApplied() == null ? -1 : entry.lastApplied().offset())
                .isEqualTo(expected.decided());
        Set<AcsIdentityId> referred = new HashSet<>(entry.doomed());
        if (entry.identityId() != null) {
            assertThat(expected.exists()).as("who has an identity exists").isTrue();
            assertThat(referred.add(entry.identityId())).isTrue();
            assertThat(acs.live()).contains(entry.identityId());
        }
        Set<AcsIdentityId> unknown = new HashSet<>(acs.live());
        unknown.removeAll(referred);
        unknown.removeAll(orphans);
        if (answer instanceof StepResult.IdentityCreated created) {
            unknown.remove(created.identityId());
        }
        assertThat(unknown).as("identities nobody knows of").isEmpty();
        Story.of(outcomes);
    }

    private void checkSettled() {
        Set<AcsIdentityId> live = new HashSet<>(acs.live());
        live.removeAll(orphans);
        assertThat(live).as("live identities").hasSize(expected.exists() ? 1 : 0);
        assertThat(entry.doomed()).isEmpty();
        assertThat(entry.revoking()).isFalse();
        Story told = Story.of(outcomes);
        assertThat(told.suspended()).isEqualTo(expected.suspended());
        AcsIdentityId has = entry.identityId();
        assertThat(told.identity()).isEqualTo(has == null ? null : has.value());
        if (has != null) {
            assertThat(live).containsExactly(has);
            assertThat(expected.scopes()).isEqualTo(entry.scopes().isEmpty() ? Users.DEFAULT_SCOPES : entry.scopes());
            assertThat(acs.tokensOf(has))
                    .as("epochs of good tokens, of %s", expected)
                    .allMatch(epoch -> epoch >= expected.epoch() && !expected.suspended());
        }
    }
}
