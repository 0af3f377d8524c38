package io.tokenbroker.lifecycle;

import static org.assertj.core.api.Assertions.assertThat;

import io.tokenbroker.directory.AcsIdentityId;
import io.tokenbroker.directory.DirectoryEntry;
import io.tokenbroker.directory.Standing;
import io.tokenbroker.events.IdentityDeleted;
import io.tokenbroker.events.IdentityProvisioned;
import io.tokenbroker.events.LifecycleEvent;
import io.tokenbroker.events.OutcomeEvent;
import io.tokenbroker.events.UserCreated;
import io.tokenbroker.events.UserDeleted;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Random;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/** Random events, answers, lost answers and crashes of one user, against a model of a few lines. Seed: {@code -Dseed=}. */
class RulesPropertyTest {

    @Test
    void everyHistoryEndsAsTheLogSaysWithOneIdentityAndAConsistentStory() {
        long seed = Long.getLong("seed", System.nanoTime());
        System.out.println("seed: -Dseed=" + seed);
        for (long run = seed; run < seed + 2_000; run++) {
            try {
                new History(new Random(run)).play();
            } catch (RuntimeException | AssertionError e) {
                throw new AssertionError("run again with -Dseed=" + run + ": " + e.getMessage(), e);
            }
        }
    }

    @Test
    void conflationNeverChangesTheFinalState() {
        long seed = Long.getLong("seed", System.nanoTime());
        System.out.println("seed: -Dseed=" + seed);
        for (long run = seed; run < seed + 2_000; run++) {
            Random random = new Random(run);
            Users oneByOne = Users.anUnknownUser();
            Users atOnce = Users.anUnknownUser();
            for (int i = 0; i < 12; i++) {
                LifecycleEvent event = anyEvent(random);
                settle(oneByOne.on(event));
                atOnce.on(event);
                if (random.nextInt(6) == 0) {
                    settle(atOnce);
                }
            }
            settle(atOnce);
            assertThat(visible(atOnce.entry)).as("run again with -Dseed=" + run).isEqualTo(visible(oneByOne.entry));
        }
    }

    private static void settle(Users users) {
        while (Users.RULES.nextStep(users.entry).isPresent()) {
            users.answered();
        }
    }

    /** What callers can tell; which identity it is depends on how many were made. */
    private static List<Object> visible(DirectoryEntry entry) {
        return List.of(
                entry.state(),
                entry.identityId() != null,
                entry.scopes(),
                entry.tokenEpoch(),
                entry.revoking(),
                entry.announced() == Standing.UNKNOWN ? Standing.GONE : entry.announced());
    }

    private static LifecycleEvent anyEvent(Random random) {
        return switch (random.nextInt(10)) {
            case 0, 1 -> Users.created();
            case 2 -> Users.created(Set.of("chat", "voip"));
            case 3, 4 -> Users.SUSPENDED;
            case 5, 6 -> Users.RESUMED;
            case 7 -> Users.REVOKED;
            default -> Users.DELETED;
        };
    }

    /** One user's life: what is durable, what is only in memory, and what ACS has. */
    private static final class History {

        private final Random random;
        private final Users users = Users.anUnknownUser();
        private final Set<AcsIdentityId> ledger = new HashSet<>();
        private final Set<AcsIdentityId> orphans = new HashSet<>();
        private int made;
        private boolean wanted;
        private boolean suspended;

        private DirectoryEntry durable = users.entry;
        private int durableOutcomes;
        private @Nullable Step asked;
        private @Nullable StepResult answer;
        private final List<LifecycleEvent> sinceDurable = new ArrayList<>();

        History(Random random) {
            this.random = random;
        }

        void play() {
            for (int i = 0; i < 40; i++) {
                switch (random.nextInt(8)) {
                    case 0, 1 -> event();
                    case 2 -> ask();
                    case 3, 4 -> answered();
                    case 5, 6 -> commit();
                    default -> crash();
                }
                check();
            }
            while (asked != null || Users.RULES.nextStep(users.entry).isPresent()) {
                commit();
                ask();
                answered();
                check();
            }
            commit();
            checkSettled();
        }

        private void event() {
            LifecycleEvent event = random.nextInt(10) == 0 ? adopted() : anyEvent(random);
            sinceDurable.add(event);
            users.on(event);
            if (event instanceof UserDeleted) {
                wanted = false;
                suspended = false;
            } else if (event instanceof UserCreated) {
                wanted = true;
            } else if (wanted && event.equals(Users.SUSPENDED)) {
                suspended = true;
            } else if (event.equals(Users.RESUMED)) {
                suspended = false;
            }
        }

        /** An identity that somebody else made, and that nobody refers to where its adoption is refused. */
        private LifecycleEvent adopted() {
            AcsIdentityId theirs = Users.identity(1_000 + ++made);
            ledger.add(theirs);
            orphans.add(theirs);
            return Users.adopting(theirs);
        }

        /** ACS does the work at once; whether anybody hears of it comes later. Nothing is asked that is not durable. */
        private void ask() {
            if (asked != null || !durable.equals(users.entry)) {
                return;
            }
            Step step = Users.RULES.nextStep(users.entry).orElse(null);
            asked = step;
            answer = switch (step) {
                case null -> null;
                case Step.CreateIdentity create -> make();
                case Step.CreateIdentityWithToken create -> make();
                case Step.RevokeTokens revoke -> new StepResult.TokensRevoked(revoke.identityId(), revoke.epoch());
                case Step.DeleteIdentity delete -> {
                    ledger.remove(delete.identityId());
                    yield new StepResult.IdentityDeleted(delete.identityId());
                }
            };
        }

        private StepResult make() {
            AcsIdentityId identityId = Users.identity(++made);
            ledger.add(identityId);
            return new StepResult.IdentityCreated(identityId, null);
        }

        private void answered() {
            Step step = asked;
            StepResult result = answer;
            asked = null;
            answer = null;
            if (step == null || result == null) {
                return;
            }
            if (random.nextInt(5) == 0) {
                forget(result);
            } else {
                users.answered(step, result);
            }
        }

        private void forget(StepResult result) {
            if (result instanceof StepResult.IdentityCreated created) {
                orphans.add(created.identityId());
            }
        }

        private void commit() {
            durable = users.entry;
            durableOutcomes = users.outcomes.size();
            sinceDurable.clear();
        }

        /** All that was not durable is gone, and read again; an answer may have been heard and lost. */
        private void crash() {
            if (answer != null) {
                forget(answer);
            }
            asked = null;
            answer = null;
            AcsIdentityId heard = users.entry.identityId();
            List<AcsIdentityId> known = new ArrayList<>(users.entry.doomed());
            if (heard != null) {
                known.add(heard);
            }
            known.remove(durable.identityId());
            known.removeAll(durable.doomed());
            orphans.addAll(known);
            users.entry = durable;
            users.outcomes.subList(durableOutcomes, users.outcomes.size()).clear();
            List<LifecycleEvent> again = List.copyOf(sinceDurable);
            again.forEach(users::on);
        }

        private void check() {
            Set<AcsIdentityId> referred = new HashSet<>(users.entry.doomed());
            if (users.entry.identityId() != null) {
                assertThat(referred.add(users.entry.identityId())).isTrue();
                assertThat(ledger).contains(users.entry.identityId());
            }
            Set<AcsIdentityId> unknown = new HashSet<>(ledger);
            unknown.removeAll(referred);
            unknown.removeAll(orphans);
            if (answer instanceof StepResult.IdentityCreated created) {
                unknown.remove(created.identityId());
            }
            assertThat(unknown).as("identities nobody knows of").isEmpty();
            story();
        }

        private void story() {
            AcsIdentityId told = null;
            for (OutcomeEvent outcome : users.outcomes) {
                if (outcome instanceof IdentityProvisioned provisioned) {
                    assertThat(told).as("%s", users.announced()).isNull();
                    told = new AcsIdentityId(provisioned.identityId());
                } else if (outcome instanceof IdentityDeleted deleted) {
                    assertThat(told).as("%s", users.announced()).isEqualTo(new AcsIdentityId(deleted.identityId()));
                    told = null;
                } else {
                    assertThat(told).as("%s", users.announced()).isNotNull();
                }
            }
        }

        private void checkSettled() {
            DirectoryEntry entry = users.entry;
            assertThat(entry.identityId() != null).isEqualTo(wanted);
            assertThat(entry.doomed()).isEmpty();
            assertThat(entry.revoking()).isFalse();
            assertThat(entry.standing() == Standing.SUSPENDED).isEqualTo(suspended);
            Set<AcsIdentityId> theirs = new HashSet<>(ledger);
            theirs.removeIf(one -> orphans.contains(one) && !one.equals(entry.identityId()));
            assertThat(theirs).hasSize(wanted ? 1 : 0);
            assertThat(entry.announced() == Standing.SUSPENDED).isEqualTo(suspended);
        }
    }
}
