package io.tokenbroker.http;

import io.micrometer.core.instrument.FunctionCounter;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.binder.MeterBinder;
import org.springframework.boot.context.properties.EnableConfigurationProperties;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;

/** The settings of this edge, and its own figures. */
@Configuration(proxyBeanMethods = false)
@EnableConfigurationProperties({CorsSettings.class, SecuritySettings.class, SseSettings.class})
class HttpConfiguration {

    @Bean
    MeterBinder sseMeters(SseStreams streams, SseSettings settings) {
        return registry -> {
            Gauge.builder("tokenbroker.sse.streams.limit", settings, SseSettings::maxStreams)
                    .description("Streams that may be open")
                    .register(registry);
            Gauge.builder("tokenbroker.sse.streams", streams, SseStreams::open)
                    .description("Streams that are open")
                    .register(registry);
            FunctionCounter.builder("tokenbroker.sse.stalled", streams, SseStreams::stalled)
                    .description("Streams that were cut off, as their clients took nothing")
                    .register(registry);
        };
    }
}
