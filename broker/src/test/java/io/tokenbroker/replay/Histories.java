package io.tokenbroker.replay;

import io.tokenbroker.events.LifecycleEvent;
import io.tokenbroker.events.SessionsRevoked;
import io.tokenbroker.events.UserCreated;
import io.tokenbroker.events.UserDeleted;
import io.tokenbroker.events.UserResumed;
import io.tokenbroker.events.UserSuspended;
import java.util.Random;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Logs of every shape: several users and sources, late events, repeated ones. */
final class Histories {

    static final int USERS = 12;

    private Histories() {}

    static World of(Random random, int events) {
        World world = new World();
        for (int i = 0; i < events; i++) {
            write(world, random, i);
        }
        return world;
    }

    static Recorded.Event write(World world, Random random, int i) {
        boolean late = random.nextInt(6) == 0;
        long second = 60L * i - (late ? random.nextInt(600) : 0);
        String sequence = random.nextInt(3) == 0 ? Integer.toString(i - (late ? random.nextInt(10) : 0) + 100) : null;
        return world.append(
                event(random, "user-" + random.nextInt(USERS)),
                "/source-" + random.nextInt(3),
                sequence,
                World.NINE.plusSeconds(second));
    }

    private static LifecycleEvent event(Random random, String user) {
        return switch (random.nextInt(10)) {
            case 0, 1, 2, 3 -> new UserCreated(user, scopes(random), random.nextBoolean() ? 60 : null, null);
            case 4, 5 -> new UserSuspended(user);
            case 6 -> new UserResumed(user);
            case 7 -> new SessionsRevoked(user);
            default -> new UserDeleted(user);
        };
    }

    private static @Nullable Set<String> scopes(Random random) {
        return switch (random.nextInt(3)) {
            case 0 -> Set.of("chat", "voip");
            case 1 -> Set.of("voip");
            default -> null;
        };
    }
}
