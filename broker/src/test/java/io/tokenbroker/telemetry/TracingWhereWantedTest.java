package io.tokenbroker.telemetry;

import static org.assertj.core.api.Assertions.assertThat;

import io.opentelemetry.api.OpenTelemetry;
import io.tokenbroker.traces.Traces;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.springframework.boot.WebApplicationType;
import org.springframework.boot.autoconfigure.EnableAutoConfiguration;
import org.springframework.boot.builder.SpringApplicationBuilder;
import org.springframework.context.ConfigurableApplicationContext;
import org.springframework.context.annotation.Import;

class TracingWhereWantedTest {

    private static final String TRACE = "4bf92f3577b34da6a3ce929d0e0e4736";
    private static final String TRACEPARENT = "00-" + TRACE + "-00f067aa0ba902b7-01";

    @EnableAutoConfiguration(
            excludeName = "org.springframework.boot.security.autoconfigure.ReactiveUserDetailsServiceAutoConfiguration")
    @Import(TelemetryConfiguration.class)
    static class Application {}

    @Test
    void nothingOfOpenTelemetryIsThereUnlessSomebodyIsToldWhereSpansGo() {
        try (ConfigurableApplicationContext context = run(null)) {
            assertThat(context.getBeansOfType(OpenTelemetry.class)).isEmpty();
            assertThat(context.getBeanNamesForType(io.micrometer.tracing.Tracer.class))
                    .isEmpty();
            assertThat(context.getBean(Traces.class)).isSameAs(Traces.OFF);
        }
    }

    @Test
    void whereAnEndpointIsSetAnEventsTraceGoesOn() {
        try (ConfigurableApplicationContext context = run("http://127.0.0.1:9/v1/traces")) {
            Traces traces = context.getBean(Traces.class);

            Traces.Span span = traces.begin(Traces.Kind.CONSUMER, "receive", TRACEPARENT);
            Traces.Span next = traces.begin(Traces.Kind.CLIENT, "call", span.traceparent());
            Traces.Span other = traces.begin(Traces.Kind.CLIENT, "call", "what nobody can read");

            assertThat(traces.areOn()).isTrue();
            assertThat(span.traceparent())
                    .matches("00-" + TRACE + "-[0-9a-f]{16}-01")
                    .isNotEqualTo(TRACEPARENT);
            assertThat(next.traceparent()).startsWith("00-" + TRACE).isNotEqualTo(span.traceparent());
            assertThat(other.traceparent()).startsWith("00-").doesNotContain(TRACE);
        }
    }

    @Test
    void whoIsNotFollowedGivesOnWhatItWasGiven() {
        Traces.Span span =
                Traces.OFF.begin(Traces.Kind.CLIENT, "call", TRACEPARENT).note("a", "b");
        span.end();

        assertThat(span.traceparent()).isEqualTo(TRACEPARENT);
        assertThat(Traces.OFF.begin(Traces.Kind.CLIENT, "call", null).traceparent())
                .isNull();
    }

    private static ConfigurableApplicationContext run(@Nullable String endpoint) {
        SpringApplicationBuilder application =
                new SpringApplicationBuilder(Application.class).web(WebApplicationType.NONE);
        String[] arguments =
                endpoint == null ? new String[0] : new String[] {"--" + TracingWhereWanted.ENDPOINT + "=" + endpoint};
        return application.run(arguments);
    }
}
