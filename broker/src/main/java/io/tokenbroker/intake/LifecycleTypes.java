package io.tokenbroker.intake;

import io.tokenbroker.directory.AcsIdentityId;
import io.tokenbroker.events.LifecycleEvent;
import io.tokenbroker.events.ReconcileRequested;
import io.tokenbroker.events.ReconcileRequested.AsOf;
import io.tokenbroker.events.ReconcileRequested.Aspect;
import io.tokenbroker.events.ReconcileRequested.Desired;
import io.tokenbroker.events.ReconcileRequested.State;
import io.tokenbroker.events.ReconcileRequested.Version;
import io.tokenbroker.events.SessionsRevoked;
import io.tokenbroker.events.UserCreated;
import io.tokenbroker.events.UserDeleted;
import io.tokenbroker.events.UserResumed;
import io.tokenbroker.events.UserSuspended;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** The input types, and how each one's data is read. */
final class LifecycleTypes {

    /** What upstream may send. */
    static final List<String> UPSTREAM =
            List.of(UserCreated.TYPE, UserSuspended.TYPE, UserResumed.TYPE, SessionsRevoked.TYPE, UserDeleted.TYPE);

    private static final int LEAST_MINUTES = 60;
    private static final int MOST_MINUTES = 1440;

    private LifecycleTypes() {}

    /** Whether nothing can be said without data. */
    static boolean needsData(String type) {
        return type.equals(ReconcileRequested.TYPE);
    }

    /** Whether its data, where there is some, is looked into. */
    static boolean readsData(String type) {
        return needsData(type) || type.equals(UserCreated.TYPE);
    }

    /** Errors go to {@code data}'s own list; where there are some, the event is not to be used. */
    static LifecycleEvent read(String type, String userId, JsonFields data) {
        return switch (type) {
            case UserCreated.TYPE -> created(userId, data);
            case UserSuspended.TYPE -> new UserSuspended(userId);
            case UserResumed.TYPE -> new UserResumed(userId);
            case SessionsRevoked.TYPE -> new SessionsRevoked(userId);
            case UserDeleted.TYPE -> new UserDeleted(userId);
            case ReconcileRequested.TYPE -> reconcile(userId, data);
            default -> throw new IllegalArgumentException(type);
        };
    }

    private static UserCreated created(String userId, JsonFields data) {
        return new UserCreated(
                userId, data.optionalScopes("scopes"), minutes(data), optionalIdentity(data, "identityId"));
    }

    private static ReconcileRequested reconcile(String userId, JsonFields data) {
        String job = shortText(data, "job");
        Desired desired = desired(data.object("desired"));
        AsOf asOf = asOf(data.object("asOf"));
        return new ReconcileRequested(
                userId, job, desired, asOf, data.flag("withToken"), optionalIdentity(data, "replaces"));
    }

    private static Desired desired(@Nullable JsonFields data) {
        if (data == null) {
            return new Desired(State.DELETED, null, null, null, List.of());
        }
        State state = data.word("state", State.values());
        return new Desired(
                state == null ? State.DELETED : state,
                data.optionalScopes("scopes"),
                minutes(data),
                optionalIdentity(data, "identityId"),
                data.objects("versions").stream().map(LifecycleTypes::version).toList());
    }

    private static Version version(JsonFields data) {
        Aspect aspect = data.word("aspect", Aspect.values());
        String source = data.text("source", text -> Text.isValid(text, Text.LONG), Text.allowed(Text.LONG));
        String sequence =
                data.optionalText("sequence", text -> Text.isValid(text, Text.SHORT), Text.allowed(Text.SHORT));
        return new Version(aspect == null ? Aspect.EXISTENCE : aspect, source, sequence, data.time("time"));
    }

    private static @Nullable Integer minutes(JsonFields data) {
        return data.optionalInteger("expiresInMinutes", LEAST_MINUTES, MOST_MINUTES);
    }

    private static @Nullable String optionalIdentity(JsonFields data, String name) {
        return data.optionalText(name, AcsIdentityId::isWellFormed, AcsIdentityId.ALLOWED);
    }

    private static AsOf asOf(@Nullable JsonFields data) {
        if (data == null) {
            return new AsOf("", 0, 0);
        }
        String topicId = shortText(data, "topicId");
        int partition = (int) data.integer("partition", 0, Integer.MAX_VALUE);
        return new AsOf(topicId, partition, data.integer("offset", 0, Long.MAX_VALUE));
    }

    private static String shortText(JsonFields data, String name) {
        return data.text(name, text -> Text.isValid(text, Text.SHORT), Text.allowed(Text.SHORT));
    }
}
