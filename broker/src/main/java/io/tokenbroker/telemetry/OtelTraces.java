package io.tokenbroker.telemetry;

import io.opentelemetry.api.OpenTelemetry;
import io.opentelemetry.api.trace.SpanContext;
import io.opentelemetry.api.trace.SpanKind;
import io.opentelemetry.api.trace.StatusCode;
import io.opentelemetry.api.trace.Tracer;
import io.opentelemetry.api.trace.propagation.W3CTraceContextPropagator;
import io.opentelemetry.context.Context;
import io.opentelemetry.context.propagation.TextMapGetter;
import io.tokenbroker.traces.Traces;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Traces in OpenTelemetry's hands. */
final class OtelTraces implements Traces {

    private static final String TRACEPARENT = "traceparent";

    /** A carrier that is the one header itself. */
    private static final TextMapGetter<String> HEADER = new TextMapGetter<>() {
        @Override
        public Iterable<String> keys(String carrier) {
            return List.of(TRACEPARENT);
        }

        @Override
        public @Nullable String get(@Nullable String carrier, String key) {
            return key.equals(TRACEPARENT) ? carrier : null;
        }
    };

    private final Tracer tracer;

    OtelTraces(OpenTelemetry telemetry) {
        this.tracer = telemetry.getTracer("io.tokenbroker");
    }

    @Override
    public boolean areOn() {
        return true;
    }

    @Override
    public Span begin(Kind kind, String name, @Nullable String traceparent) {
        Context parent = traceparent == null
                ? Context.root()
                : W3CTraceContextPropagator.getInstance().extract(Context.root(), traceparent, HEADER);
        return new OtelSpan(tracer.spanBuilder(name)
                .setSpanKind(kindOf(kind))
                .setParent(parent)
                .startSpan());
    }

    private static SpanKind kindOf(Kind kind) {
        return switch (kind) {
            case CONSUMER -> SpanKind.CONSUMER;
            case CLIENT -> SpanKind.CLIENT;
            case PRODUCER -> SpanKind.PRODUCER;
        };
    }

    private record OtelSpan(io.opentelemetry.api.trace.Span span) implements Span {

        @Override
        public String traceparent() {
            SpanContext context = span.getSpanContext();
            return "00-" + context.getTraceId() + "-" + context.getSpanId() + "-"
                    + context.getTraceFlags().asHex();
        }

        @Override
        public Span note(String name, String value) {
            span.setAttribute(name, value);
            return this;
        }

        @Override
        public void end() {
            span.end();
        }

        @Override
        public void fail(String reason) {
            span.setStatus(StatusCode.ERROR, reason);
            span.end();
        }
    }
}
