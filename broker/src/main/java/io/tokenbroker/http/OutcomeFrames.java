package io.tokenbroker.http;

import io.tokenbroker.directory.EventRef;
import io.tokenbroker.outcomes.Announced;
import io.tokenbroker.outcomes.Outcome;
import io.tokenbroker.traces.Traces;
import java.util.function.Function;
import org.springframework.stereotype.Component;

/**
 * Outcomes as frames of a stream. A frame is written once for all streams of this instance, and that is when the trace
 * of its event is told of the delivery.
 */
@Component
final class OutcomeFrames {

    private final Function<Announced, byte[]> framing = this::written;
    private final Function<Outcome, byte[]> writing;
    private final Traces traces;

    OutcomeFrames(Traces traces) {
        this.traces = traces;
        this.writing = traces.areOn() ? this::traced : OutcomeFrames::event;
    }

    byte[] of(Announced announced) {
        return announced.framed(framing);
    }

    private byte[] written(Announced announced) {
        return SseFrames.withId(PositionCodec.encode(announced.position()), announced.written(writing));
    }

    private byte[] traced(Outcome outcome) {
        EventRef cause = outcome.cause();
        if (cause == null || cause.traceparent() == null) {
            return event(outcome);
        }
        Traces.Span span = traces.begin(Traces.Kind.PRODUCER, "token-events deliver", cause.traceparent())
                .note("messaging.system", "sse")
                .note("cloudevents.event_id", outcome.id())
                .note("cloudevents.event_type", outcome.event().type());
        try {
            return event(outcome);
        } finally {
            span.end();
        }
    }

    private static byte[] event(Outcome outcome) {
        return SseFrames.event(outcome.event().type(), OutcomeJson.of(outcome));
    }
}
