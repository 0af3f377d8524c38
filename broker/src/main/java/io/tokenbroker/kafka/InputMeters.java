package io.tokenbroker.kafka;

import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.TimeGauge;
import io.micrometer.core.instrument.binder.MeterBinder;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;
import org.springframework.boot.health.contributor.Status;

/** How far the input log is applied, and whether that goes on. */
record InputMeters(int partitions, LogLag lag, ViewFreshness freshness, InputReceiver receiver) implements MeterBinder {

    @Override
    public void bindTo(MeterRegistry registry) {
        Gauge.builder("tokenbroker.pipeline.lag", lag, LogLag::records)
                .description("Records of the input log from the first that is not done to the end, of the whole group")
                .register(registry);
        TimeGauge.builder("tokenbroker.pipeline.oldest.unapplied", lag, TimeUnit.SECONDS, LogLag::oldestSeconds)
                .description("Age of the oldest record of the input log that is not done, of the whole group")
                .register(registry);
        Gauge.builder("tokenbroker.pipeline.partitions.expected", () -> partitions)
                .description("Input partitions there are, to be owned by all instances together")
                .register(registry);
        health(registry, "kafka", () -> isUp(freshness.kafka().getStatus()));
        health(registry, "directory", () -> isUp(freshness.directory().getStatus()));
        health(registry, "pipeline", () -> receiver.trouble().isEmpty());
    }

    private static boolean isUp(Status status) {
        return status.equals(Status.UP);
    }

    private static void health(MeterRegistry registry, String component, BooleanSupplier up) {
        Gauge.builder("tokenbroker.health", up, state -> state.getAsBoolean() ? 1 : 0)
                .description("1 while the component is up")
                .tag("component", component)
                // the registry holds what it asks weakly
                .strongReference(true)
                .register(registry);
    }
}
