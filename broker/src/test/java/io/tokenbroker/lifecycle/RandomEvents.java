package io.tokenbroker.lifecycle;

import io.tokenbroker.events.LifecycleEvent;
import io.tokenbroker.events.ReconcileRequested;
import io.tokenbroker.events.ReconcileRequested.State;
import java.util.Random;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Events of Alice, the same ones again for the same random numbers. */
final class RandomEvents {

    private RandomEvents() {}

    static LifecycleEvent ofUpstream(Random random) {
        return switch (random.nextInt(10)) {
            case 0, 1, 2 -> Users.created(scopes(random));
            case 3, 4 -> Users.SUSPENDED;
            case 5, 6 -> Users.RESUMED;
            case 7 -> Users.REVOKED;
            default -> Users.DELETED;
        };
    }

    /** @param decided the user's latest record, after which the log was folded, or before */
    static ReconcileRequested ofReplay(Random random, long decided) {
        State[] states = State.values();
        ReconcileRequested plain = Users.reconcile(
                states[random.nextInt(states.length)], Math.max(0, decided - 1 + random.nextInt(3)), scopes(random));
        return new ReconcileRequested(
                "alice", "job-" + random.nextLong(), plain.desired(), plain.asOf(), random.nextBoolean(), null);
    }

    private static @Nullable Set<String> scopes(Random random) {
        return switch (random.nextInt(4)) {
            case 0 -> Set.of("chat", "voip");
            case 1 -> Set.of("voip");
            default -> null;
        };
    }
}
