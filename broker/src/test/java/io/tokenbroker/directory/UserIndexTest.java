package io.tokenbroker.directory;

import static org.assertj.core.api.Assertions.assertThat;

import io.tokenbroker.pipeline.Seeds;
import java.nio.ByteBuffer;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

class UserIndexTest {

    private static final int USERS = 50 * UserIndex.LARGEST_CHUNK;

    private static final int STEPS = 10 * USERS;

    /** Finds fault with a list that has somebody twice. */
    private static final Comparator<UserId> NO_TWO_ALIKE = (one, other) -> one.compareTo(other) < 0 ? -1 : 1;

    private final UserIndex index = new UserIndex();

    @Test
    void itHoldsWhatASortedMapHoldsWhateverIsPutAndRemoved() {
        long seed = Seeds.next();
        Seeds.explain(seed, () -> {
            Random random = new Random(seed);
            TreeMap<UserId, Integer> model = new TreeMap<>();
            for (int i = 0; i < STEPS; i++) {
                UserId user = user(random.nextInt(USERS));
                // more are put than removed at first, and more removed than put in the end
                if (random.nextInt(STEPS) > i) {
                    put(user, i);
                    model.put(user, i);
                } else {
                    remove(user);
                    model.remove(user);
                }
                assertThat(get(user)).isEqualTo(model.get(user));
                assertThat(index.size()).isEqualTo(model.size());
                if (i % USERS == 0) {
                    assertThat(users(null)).containsExactlyElementsOf(model.keySet());
                    assertThat(users(user))
                            .containsExactlyElementsOf(
                                    model.tailMap(user, false).keySet());
                }
            }
        });
    }

    @Test
    void theFirstCopyOfAKeyIsTheOneThatIsKept() {
        UserKey first = UserKey.of(user(1));
        UserKey second = UserKey.of(user(1));

        assertThat(index.put(index.find(first), first, new byte[0])).isSameAs(first);
        assertThat(index.put(index.find(second), second, new byte[0])).isSameAs(first);
    }

    @Test
    void aWalkIsLazy() {
        IntStream.range(0, USERS).forEach(i -> put(user(i), i));
        var walked = index.after(UserKey.BEFORE_ALL).iterator();
        walked.next();

        IntStream.range(0, USERS).forEach(i -> remove(user(i)));

        assertThat(walked).toIterable().hasSizeLessThanOrEqualTo(UserIndex.LARGEST_CHUNK);
    }

    @Test
    void whoeverStaysIsSeenOnceAndInOrderByEachWalkWhileOthersComeAndGo() throws InterruptedException {
        List<UserId> staying = IntStream.range(0, USERS / 8)
                .map(i -> 8 * i)
                .mapToObj(UserIndexTest::user)
                .sorted()
                .toList();
        staying.forEach(user -> put(user, 0));
        AtomicBoolean done = new AtomicBoolean();
        Thread others = Thread.ofPlatform().start(() -> {
            while (!done.get()) {
                comingAndGoing().forEach(user -> put(user, 1));
                comingAndGoing().forEach(this::remove);
            }
        });
        try {
            for (int i = 0; i < 200; i++) {
                List<UserId> seen = users(i % 2 == 0 ? null : staying.get(i));

                assertThat(seen).isSortedAccordingTo(NO_TWO_ALIKE);
                assertThat(new HashSet<>(seen)
                                .containsAll(i % 2 == 0 ? staying : staying.subList(i + 1, staying.size())))
                        .isTrue();
            }
        } finally {
            done.set(true);
            others.join();
        }
    }

    private static Stream<UserId> comingAndGoing() {
        return IntStream.range(0, USERS).filter(i -> i % 8 != 0).mapToObj(UserIndexTest::user);
    }

    /** Guids and other texts mixed, in an order of their own. */
    private static UserId user(int number) {
        int mixed = Integer.reverse(number * 0x9e3779b1);
        return new UserId(
                number % 3 == 0 ? "%08x-user".formatted(mixed) : new Guid((long) mixed << 32, number).toString());
    }

    private void put(UserId user, int value) {
        UserKey key = UserKey.of(user);
        index.put(index.find(key), key, ByteBuffer.allocate(4).putInt(value).array());
    }

    private void remove(UserId user) {
        index.remove(index.find(UserKey.of(user)));
    }

    private @Nullable Integer get(UserId user) {
        byte[] packed = index.find(UserKey.of(user)).packed();
        return packed == null ? null : ByteBuffer.wrap(packed).getInt();
    }

    private List<UserId> users(@Nullable UserId after) {
        return index.after(after == null ? UserKey.BEFORE_ALL : UserKey.of(after))
                .map(Map.Entry::getKey)
                .map(UserKey::userId)
                .toList();
    }
}
