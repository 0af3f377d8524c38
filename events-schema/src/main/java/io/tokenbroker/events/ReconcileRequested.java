package io.tokenbroker.events;

import java.time.Instant;
import java.util.Locale;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Make the user match {@code desired}, unless an event later than {@code asOf} was applied. Written by the broker's
 * own replay; refused from every other sender.
 *
 * @param job the replay job that asks
 * @param asOf the log position up to which the desired state was folded
 * @param withToken whether a first token is issued with a new identity
 */
public record ReconcileRequested(String userId, String job, Desired desired, AsOf asOf, boolean withToken)
        implements LifecycleEvent {

    public static final String TYPE = "tokenbroker.user.reconcile-requested.v1";

    /** The state a user shall have, in the words of a directory entry. */
    public enum State {
        ACTIVE,
        SUSPENDED,
        DELETED;

        /** The word on the wire: {@code active}, {@code suspended} or {@code deleted}. */
        @Override
        public String toString() {
            return name().toLowerCase(Locale.ROOT);
        }
    }

    /**
     * What the folded log says the user shall be.
     *
     * @param state the state
     * @param scopes default scopes of the user's tokens; {@code null} for the broker's default
     * @param expiresInMinutes lifetime of the user's tokens, 60 to 1440 minutes; {@code null} for the broker's default
     * @param source CloudEvents {@code source} of the event that decided the state, for the stale-event rule
     * @param sequence its {@code sequence}, where it had one
     * @param time its time
     */
    public record Desired(
            State state,
            @Nullable Set<String> scopes,
            @Nullable Integer expiresInMinutes,
            String source,
            @Nullable String sequence,
            Instant time) {
        public Desired {
            scopes = scopes == null ? null : Set.copyOf(scopes);
        }
    }

    /**
     * A position in the {@code user-lifecycle} topic.
     *
     * @param topicId the id Kafka gave the topic, base64url, so that a topic made anew under the same name is another
     */
    public record AsOf(String topicId, int partition, long offset) {}

    @Override
    public String type() {
        return TYPE;
    }
}
