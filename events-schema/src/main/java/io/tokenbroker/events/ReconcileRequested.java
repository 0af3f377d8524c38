package io.tokenbroker.events;

import java.time.Instant;
import java.util.List;
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
 * @param replaces the identity that a new one is to take the place of, as long as it is the user's; {@code null} where
 *     the user keeps what they have. Nothing but the identity changes then
 */
public record ReconcileRequested(
        String userId,
        String job,
        Desired desired,
        AsOf asOf,
        boolean withToken,
        @Nullable String replaces) implements LifecycleEvent {

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

    /** What an event spoke about. */
    public enum Aspect {
        /** Created or deleted. */
        EXISTENCE,
        /** Suspended or resumed. */
        ACCESS;

        /** The word on the wire: {@code existence} or {@code access}. */
        @Override
        public String toString() {
            return name().toLowerCase(Locale.ROOT);
        }
    }

    /**
     * What the folded log says the user shall be.
     *
     * @param state the state; {@code active} lifts a suspension only where {@code versions} has one of access
     * @param scopes default scopes of the user's tokens; {@code null} for the broker's default
     * @param expiresInMinutes lifetime of the user's tokens, 60 to 1440 minutes; {@code null} for the broker's default
     * @param identityId an identity the log wants adopted; {@code null} where one is to be created
     * @param versions the latest event folded of each aspect and source, for the stale-event rule
     */
    public record Desired(
            State state,
            @Nullable Set<String> scopes,
            @Nullable Integer expiresInMinutes,
            @Nullable String identityId,
            List<Version> versions) {
        public Desired {
            scopes = scopes == null ? null : Set.copyOf(scopes);
            versions = List.copyOf(versions);
        }
    }

    /**
     * How new an event was.
     *
     * @param source its CloudEvents {@code source}
     * @param sequence its {@code sequence}, where it had one
     */
    public record Version(
            Aspect aspect, String source, @Nullable String sequence, Instant time) {}

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
