package io.tokenbroker.servicebus;

import com.azure.messaging.servicebus.ServiceBusSenderAsyncClient;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.binder.MeterBinder;
import io.tokenbroker.intake.Intake;
import io.tokenbroker.intake.LifecycleLog;
import io.tokenbroker.outcomes.OutcomeRelay;
import java.time.Clock;
import org.jspecify.annotations.Nullable;
import org.springframework.boot.context.properties.EnableConfigurationProperties;
import org.springframework.boot.health.contributor.ReactiveHealthIndicator;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import reactor.core.publisher.Mono;

/** Puts the Service Bus edge together, as far as it is configured. */
@Configuration(proxyBeanMethods = false)
@EnableConfigurationProperties({InSettings.class, OutSettings.class})
class ServiceBusConfiguration {

    @Bean
    ServiceBusLifecycle serviceBusLifecycle(
            InSettings inSettings,
            OutSettings outSettings,
            Intake intake,
            LifecycleLog log,
            OutcomeRelay relay,
            MeterRegistry registry,
            Clock clock) {
        InSettings in = inSettings.checked();
        OutSettings out = outSettings.checked();
        return new ServiceBusLifecycle(
                in.isOn() ? inbound(in, new Admission(intake, clock), log, registry, clock) : null,
                out.isOn() ? outbound(out, registry) : null,
                relay);
    }

    static Inbound inbound(
            InSettings settings, Admission admission, LifecycleLog log, MeterRegistry registry, Clock clock) {
        Trouble bus = new Trouble("in");
        Trouble kafka = new Trouble("in, Kafka");
        InMeters meters = new InMeters(registry);
        Handler handler = new Handler(admission, log, meters, kafka);
        Locks locks = new Locks(clock, meters.renewals);
        Receivers receivers = new Receivers(settings);
        int concurrency = settings.concurrency();
        return new Inbound(
                settings.sessions()
                        ? new Sessions(receivers, concurrency, handler, locks, bus, clock)
                        : new Messages(receivers, concurrency, handler, locks, bus),
                bus,
                kafka);
    }

    static Outbound outbound(OutSettings settings, MeterRegistry registry) {
        return new Outbound(
                () -> sender(settings), new MessageWriter(settings.sessions()), new Trouble("out"), registry);
    }

    private static ServiceBusSenderAsyncClient sender(OutSettings settings) {
        var sender = settings.access().builder().sender();
        @Nullable String queue = settings.queue();
        return queue != null
                ? sender.queueName(queue).buildAsyncClient()
                : sender.topicName(settings.topic()).buildAsyncClient();
    }

    @Bean
    MeterBinder serviceBusMeters(ServiceBusLifecycle serviceBus) {
        return registry -> {
            Gauge.builder("tokenbroker.servicebus.lag", serviceBus, ServiceBusLifecycle::lag)
                    .description("Outcomes of this instance's part that Service Bus has not taken yet")
                    .register(registry);
            Gauge.builder("tokenbroker.health", serviceBus, bus -> bus.trouble().isEmpty() ? 1 : 0)
                    .description("1 while the component is up")
                    .tag("component", "serviceBus")
                    .register(registry);
        };
    }

    @Bean
    ReactiveHealthIndicator serviceBusHealthIndicator(ServiceBusLifecycle serviceBus) {
        return () -> Mono.fromSupplier(serviceBus::health);
    }
}
