package io.tokenbroker.servicebus;

import com.azure.messaging.servicebus.ServiceBusReceivedMessage;
import io.cloudevents.CloudEvent;
import io.tokenbroker.intake.DecodedEvent;
import io.tokenbroker.intake.EventOrigin;
import io.tokenbroker.intake.FieldError;
import io.tokenbroker.intake.Intake;
import io.tokenbroker.intake.LifecycleLog;
import io.tokenbroker.intake.Reading;
import java.time.Clock;
import java.util.List;
import java.util.stream.Collectors;

/** Decides what becomes of a message, by the same reading as everywhere. Never throws for anything it may hold. */
final class Admission {

    /** Sources the broker writes under itself; from anybody else they would pass for its own. */
    private static final String RESERVED = "urn:tokenbroker";

    /** As much as Service Bus keeps of a reason or a description. */
    private static final int LONGEST = 4_096;

    private final Intake intake;
    private final Clock clock;

    Admission(Intake intake, Clock clock) {
        this.intake = intake;
        this.clock = clock;
    }

    Verdict judge(ServiceBusReceivedMessage message) {
        return switch (MessageReader.read(message)) {
            case DecodedEvent.Decoded(CloudEvent event) -> judge(event, message);
            case DecodedEvent.Malformed malformed -> refuse(malformed.errors());
        };
    }

    private Verdict judge(CloudEvent event, ServiceBusReceivedMessage message) {
        String source = event.getSource().toString();
        if (source.equals(RESERVED) || source.startsWith(RESERVED + ":")) {
            return refuse(
                    List.of(new FieldError("source", source, "a source of your own; urn:tokenbroker is reserved")));
        }
        // with sessions the session id is the user's; it stands in for a record's key
        EventOrigin origin = new EventOrigin(clock.instant(), message.getSessionId(), false);
        return switch (read(event, origin)) {
            case Reading.Valid valid ->
                new Verdict.Append(new LifecycleLog.Draft(valid.event().userId(), event));
            case Reading.Foreign foreign -> new Verdict.Ignore();
            case Reading.Invalid invalid -> refuse(invalid.errors());
        };
    }

    private Reading read(CloudEvent event, EventOrigin origin) {
        try {
            return intake.read(event, origin);
        } catch (RuntimeException e) {
            // an event that breaks the reader is as bad as one that cannot be decoded, and must stop nobody
            return Intake.undecodable(e.getClass().getSimpleName());
        }
    }

    private static Verdict.Refuse refuse(List<FieldError> errors) {
        String fields = errors.stream().map(FieldError::field).distinct().collect(Collectors.joining(", "));
        String all = errors.stream().map(FieldError::toString).collect(Collectors.joining("; "));
        return new Verdict.Refuse(cut("invalid: " + fields), cut(all));
    }

    static String cut(String text) {
        return text.length() <= LONGEST ? text : text.substring(0, LONGEST - 1) + "…";
    }
}
