package io.tokenbroker.telemetry;

import io.opentelemetry.api.OpenTelemetry;
import io.tokenbroker.traces.Traces;
import org.springframework.beans.factory.ObjectProvider;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;

/** Traces go to OpenTelemetry where {@link TracingWhereWanted} lets Spring Boot put it together. */
@Configuration(proxyBeanMethods = false)
class TelemetryConfiguration {

    @Bean
    Traces traces(ObjectProvider<OpenTelemetry> telemetry) {
        OpenTelemetry there = telemetry.getIfAvailable();
        return there == null ? Traces.OFF : new OtelTraces(there);
    }
}
