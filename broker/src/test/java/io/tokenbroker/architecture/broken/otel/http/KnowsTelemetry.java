package io.tokenbroker.architecture.broken.otel.http;

/** Breaks a rule on purpose. */
public final class KnowsTelemetry {
    Class<?> theirs() {
        return io.opentelemetry.api.trace.Span.class;
    }
}
