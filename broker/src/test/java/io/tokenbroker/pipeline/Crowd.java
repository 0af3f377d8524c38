package io.tokenbroker.pipeline;

import static org.assertj.core.api.Assertions.assertThat;

import io.tokenbroker.directory.UserId;
import io.tokenbroker.events.SessionsRevoked;
import io.tokenbroker.events.UserCreated;
import io.tokenbroker.events.UserDeleted;
import io.tokenbroker.events.UserResumed;
import io.tokenbroker.events.UserSuspended;
import io.tokenbroker.pipeline.Acs.Behaviour;
import java.time.Duration;
import java.util.Random;

/** Many users at once, drawn from a seed, whose log is read as it is asked for. One of them has half of the events. */
final class Crowd {

    private static final int USERS = 12;
    private static final int EVENTS = 250;
    private static final int SHORTEST_LIFETIME = 60;
    private static final PipelineSettings.RetryPolicy FOUR_TIMES_AT_ONCE =
            new PipelineSettings.RetryPolicy(4, Duration.ofNanos(1), Duration.ofNanos(1));

    final Rig rig;
    final CallLog calls;
    private final Invariants invariants;
    private final Random random;
    private final int maxAdmitted;
    private final int maxInFlight;
    private Reader reader;
    private int created;

    Crowd(long seed) {
        random = new Random(seed);
        maxAdmitted = 6 + random.nextInt(20);
        maxInFlight = 2 + random.nextInt(7);
        calls = new CallLog(maxInFlight);
        rig = new Rig(maxAdmitted, FOUR_TIMES_AT_ONCE, calls::connect).started();
        reader = new Reader(0);
        invariants = new Invariants(rig);
        rig.acs.latency = () -> Duration.ofMillis(1 + random.nextInt(60));
        rig.cluster.latency = () -> Duration.ofMillis(random.nextInt(20));
        rig.cluster.onDurable = transaction -> invariants.check();
    }

    /** Reads the log for one owner of the partition, never more of it than was asked for. */
    private final class Reader {

        private long asked;
        private int next;

        Reader(long from) {
            while (next < rig.log.records.size() && InputLog.offsetOf(rig.log.records.get(next)) < from) {
                next++;
            }
            rig.running().pipeline.admission().open(more -> asked += more);
        }

        /** Not all that was asked for comes at once, and what is under way must not be asked for again. */
        void read() {
            for (int some = random.nextInt(10); some > 0 && asked > 0 && !isAtEnd(); some--) {
                asked--;
                rig.send(rig.log.records.get(next++));
                assertThat(rig.running().inside()).as("admitted").isLessThanOrEqualTo(maxAdmitted);
            }
        }

        boolean isAtEnd() {
            return next == rig.log.records.size();
        }
    }

    /** Everything that can happen happens; then ACS is well, everybody is spoken of once more, and all must be right. */
    void play() {
        rig.acs.behaviour = step -> switch (random.nextInt(24)) {
            case 0, 1 -> Behaviour.FAIL;
            case 2, 3 -> Behaviour.DROP;
            case 4 -> Behaviour.REFUSE;
            default -> Behaviour.ANSWER;
        };
        for (int i = 0; i < EVENTS; i++) {
            rig.log.gap(random.nextInt(4) == 0 ? random.nextInt(5) : 0);
            append(random.nextBoolean() ? 0 : random.nextInt(USERS));
            if (random.nextInt(20) == 0) {
                somethingElse();
            }
            pass(random.nextInt(15));
            if (random.nextInt(60) == 0) {
                handOver();
            }
        }
        rig.acs.behaviour = step -> Behaviour.ANSWER;
        Wanted.of(rig.log).forEach((userId, wanted) -> {
            String user = userId.value();
            rig.log.event(wanted.exists() ? createdAgain(user) : new UserDeleted(user));
        });
        readToTheEnd();
        invariants.checkSettled();
        calls.checkEachUserInOrder(rig);
        assertThat(calls.mostAtATime()).as("in flight").isLessThanOrEqualTo(maxInFlight);
        assertThat(rig.running().inside()).isZero();
    }

    /** Often more at once than there is room for. */
    private void somethingElse() {
        for (int i = random.nextInt(20); i >= 0; i--) {
            String user = "user-" + random.nextInt(USERS);
            switch (random.nextInt(4)) {
                case 0, 1 -> rig.log.misrouted(user);
                case 2 -> rig.log.unreadable(random.nextBoolean() ? user : null);
                default -> rig.log.foreign();
            }
        }
    }

    void append(int user) {
        String id = "user-" + user;
        rig.log.event(
                switch (random.nextInt(10)) {
                    case 0, 1, 2, 3 -> createdAgain(id);
                    case 4, 5 -> new UserSuspended(id);
                    case 6, 7 -> new UserResumed(id);
                    case 8 -> new SessionsRevoked(id);
                    default -> new UserDeleted(id);
                });
    }

    /** With a lifetime that tells which of the events it is, and of whom: a create has no other mark to be known by. */
    UserCreated createdAgain(String id) {
        int user = Integer.parseInt(id.substring("user-".length()));
        return new UserCreated(id, null, SHORTEST_LIFETIME + created++ * USERS + user, null);
    }

    static UserId userOfLifetime(int minutes) {
        return new UserId("user-" + (minutes - SHORTEST_LIFETIME) % USERS);
    }

    void pass(int milliseconds) {
        rig.pass(Duration.ofMillis(milliseconds));
        reader.read();
    }

    void readToTheEnd() {
        for (int i = 0; i < 10_000 && !reader.isAtEnd(); i++) {
            pass(20);
        }
        assertThat(reader.isAtEnd()).as("the log is read to its end").isTrue();
        rig.settle();
    }

    private void handOver() {
        Rig.Instance former = rig.running();
        switch (random.nextInt(4)) {
            case 0 -> former.die();
            case 1 -> former.partition().lose();
            case 2 -> {
                Rig.watch(former.partition().revoke());
                rig.pass(Duration.ofMillis(random.nextInt(6_000)));
            }
            default -> {
                former.journal().fault = new IllegalStateException("in doubt");
                rig.pass(Duration.ofMillis(random.nextInt(50)));
            }
        }
        rig.another().own();
        reader = new Reader(rig.cluster.watermark);
        reader.read();
    }
}
