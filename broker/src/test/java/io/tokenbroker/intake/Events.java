package io.tokenbroker.intake;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.cloudevents.core.builder.CloudEventBuilder;
import io.tokenbroker.events.ReconcileRequested;
import io.tokenbroker.events.UserCreated;
import java.net.URI;
import java.time.Instant;
import java.time.ZoneOffset;

/** CloudEvents as upstream sends them. */
final class Events {

    static final Instant NINE = Instant.parse("2026-11-20T09:00:00Z");

    static final Intake INTAKE = new Intake(java.util.List.of());

    private Events() {}

    static CloudEventBuilder anEvent(String type) {
        return CloudEventBuilder.v1()
                .withId("e1")
                .withSource(URI.create("/hr"))
                .withType(type)
                .withSubject("alice")
                .withTime(NINE.atOffset(ZoneOffset.UTC));
    }

    static CloudEventBuilder aCreated() {
        return anEvent(UserCreated.TYPE);
    }

    static CloudEventBuilder aCreated(String data) {
        return withData(aCreated(), data);
    }

    static CloudEventBuilder aReconcile(String data) {
        return withData(anEvent(ReconcileRequested.TYPE), data);
    }

    static CloudEventBuilder withData(CloudEventBuilder event, String data) {
        return event.withData("application/json", data.getBytes(UTF_8));
    }

    static Reading read(CloudEventBuilder event) {
        return INTAKE.read(event.build(), EventOrigin.from(NINE));
    }

    static Reading readFromLog(CloudEventBuilder event) {
        return INTAKE.read(event.build(), EventOrigin.inLog(NINE, "key"));
    }

    static UserEvent valid(Reading reading) {
        if (reading instanceof Reading.Valid valid) {
            return valid.event();
        }
        throw new AssertionError("not valid: " + reading);
    }

    static Reading.Invalid invalid(Reading reading) {
        if (reading instanceof Reading.Invalid invalid) {
            return invalid;
        }
        throw new AssertionError("not invalid: " + reading);
    }
}
