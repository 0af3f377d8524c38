package io.tokenbroker.directory;

import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/**
 * Creates begun for a user whose end nobody has committed: the value of the {@code create-intents} topic. As ACS's
 * create is not idempotent and ACS lists nothing, each attempt here may have left an identity that nobody refers to.
 */
public record CreateIntent(UserId userId, List<Attempt> attempts) {

    /**
     * @param id tells this attempt from all others
     * @param number counts the attempts for this user, from 1
     * @param identityId the identity it made, known only where ACS's answer arrived
     */
    public record Attempt(
            String id,
            Instant startedOn,
            int number,
            @Nullable AcsIdentityId identityId) {}

    public CreateIntent {
        attempts = List.copyOf(attempts);
    }

    /** No create begun. */
    public static CreateIntent none(UserId userId) {
        return new CreateIntent(userId, List.of());
    }

    /** One more create is about to be made. */
    public CreateIntent begin(String attemptId, Instant now) {
        int number = attempts.stream().mapToInt(Attempt::number).max().orElse(0) + 1;
        List<Attempt> more = new ArrayList<>(attempts);
        more.add(new Attempt(attemptId, now, number, null));
        return new CreateIntent(userId, more);
    }

    /** The end of that attempt is known, and it leaves nothing behind. */
    public CreateIntent settle(String attemptId) {
        Predicate<Attempt> others = attempt -> !attempt.id().equals(attemptId);
        return new CreateIntent(userId, attempts.stream().filter(others).toList());
    }

    public boolean isEmpty() {
        return attempts.isEmpty();
    }
}
