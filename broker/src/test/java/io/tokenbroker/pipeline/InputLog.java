package io.tokenbroker.pipeline;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.tokenbroker.directory.EventRef;
import io.tokenbroker.directory.LogPosition;
import io.tokenbroker.directory.UserId;
import io.tokenbroker.events.LifecycleEvent;
import io.tokenbroker.events.SessionsRevoked;
import io.tokenbroker.events.UserCreated;
import io.tokenbroker.events.UserDeleted;
import io.tokenbroker.events.UserResumed;
import io.tokenbroker.events.UserSuspended;
import io.tokenbroker.intake.UserEvent;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** The records of one partition of the input log, with a gap before each as transactions leave them. */
final class InputLog {

    static final String TOPIC = "topic-1";
    static final Instant NINE = Instant.parse("2026-11-20T09:00:00Z");

    final List<Arrival> records = new ArrayList<>();
    private long end;

    /** Offsets after this one are left out, as an aborted transaction would. */
    void gap(int offsets) {
        end += offsets;
    }

    Arrival created(String user) {
        return event(new UserCreated(user, null, null, null));
    }

    Arrival created(String user, Set<String> scopes) {
        return event(new UserCreated(user, scopes, null, null));
    }

    Arrival adopting(String user, String identityId) {
        return event(new UserCreated(user, null, null, identityId));
    }

    Arrival suspended(String user) {
        return event(new UserSuspended(user));
    }

    Arrival resumed(String user) {
        return event(new UserResumed(user));
    }

    Arrival sessionsRevoked(String user) {
        return event(new SessionsRevoked(user));
    }

    Arrival deleted(String user) {
        return event(new UserDeleted(user));
    }

    Arrival event(LifecycleEvent event) {
        Instant time = NINE.plusSeconds(end);
        EventRef ref = new EventRef("event-" + end, "/hr", event.type(), time, null, null);
        return add(new Arrival.Event(record(64), new UserEvent(new UserId(event.userId()), event, ref, null, false)));
    }

    /** An event that a caller asked for. */
    Arrival asked(LifecycleEvent event, String caller) {
        EventRef ref = new EventRef("event-" + end, "/http", event.type(), NINE.plusSeconds(end), caller, null);
        return add(new Arrival.Event(record(64), new UserEvent(new UserId(event.userId()), event, ref, null, true)));
    }

    /** An event of an hour ago. */
    Arrival late(LifecycleEvent event) {
        EventRef ref = new EventRef("event-" + end, "/hr", event.type(), NINE.minusSeconds(3600), null, null);
        return add(new Arrival.Event(record(64), new UserEvent(new UserId(event.userId()), event, ref, null, false)));
    }

    Arrival large(String user, int bytes) {
        EventRef ref = new EventRef("event-" + end, "/hr", UserCreated.TYPE, NINE.plusSeconds(end), null, null);
        UserCreated created = new UserCreated(user, null, null, null);
        return add(new Arrival.Event(record(bytes), new UserEvent(new UserId(user), created, ref, null, false)));
    }

    Arrival misrouted(String user) {
        return add(new Arrival.Misrouted(record(64), new UserId(user)));
    }

    Arrival foreign() {
        return add(new Arrival.Foreign(record(64)));
    }

    Arrival unreadable(@Nullable String user) {
        return add(new Arrival.Unreadable(record(64), user == null ? null : new UserId(user), null, "garbage"));
    }

    List<Arrival> from(long offset) {
        return records.stream().filter(arrival -> offsetOf(arrival) >= offset).toList();
    }

    static long offsetOf(Arrival arrival) {
        return arrival.record().position().offset();
    }

    long end() {
        return end;
    }

    private Arrival add(Arrival arrival) {
        records.add(arrival);
        return arrival;
    }

    private RawRecord record(int bytes) {
        byte[] value = new byte[bytes];
        return new RawRecord(
                new LogPosition(TOPIC, 0, end++),
                NINE.plusSeconds(end),
                ("key-" + end).getBytes(UTF_8),
                value,
                List.of());
    }
}
