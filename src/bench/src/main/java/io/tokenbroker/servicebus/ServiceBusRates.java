package io.tokenbroker.servicebus;

import com.azure.messaging.servicebus.ServiceBusMessage;
import com.azure.messaging.servicebus.ServiceBusMessageBatch;
import com.azure.messaging.servicebus.ServiceBusReceiverAsyncClient;
import com.azure.messaging.servicebus.ServiceBusSenderAsyncClient;
import io.cloudevents.CloudEvent;
import io.cloudevents.core.builder.CloudEventBuilder;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.tokenbroker.bench.harness.Figures;
import io.tokenbroker.bench.harness.Options;
import io.tokenbroker.bench.harness.Report;
import io.tokenbroker.busdouble.EntityOptions;
import io.tokenbroker.busdouble.ServiceBusDouble;
import io.tokenbroker.embedded.EmbeddedKafka;
import io.tokenbroker.events.TokensRevoked;
import io.tokenbroker.events.UserCreated;
import io.tokenbroker.intake.Intake;
import io.tokenbroker.kafka.BothLogs;
import io.tokenbroker.outcomes.OutcomeRelay;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.time.Clock;
import java.time.Duration;
import java.time.OffsetDateTime;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.BooleanSupplier;
import java.util.stream.IntStream;
import reactor.core.Disposable;
import reactor.core.Disposables;
import reactor.core.publisher.Mono;
import reactor.core.publisher.Sinks;

/**
 * Messages a second: from the test double's queue, durable in an embedded Kafka, completed; and from Kafka to the
 * double in batches. Beside each the bare SDK with the same double: receiving and completing, as many at a time, and
 * sending the same messages in batches. By turns, all in this JVM.
 *
 * <p>Options: {@code --messages=60000 --runs=5 --concurrency=128 --partitions=12}.
 */
public final class ServiceBusRates {

    private static final Map<String, String> DEFAULTS =
            Map.of("messages", "60000", "runs", "5", "concurrency", "128", "partitions", "12");
    private static final Duration LIMIT = Duration.ofMinutes(2);

    private final ServiceBusDouble bus;
    private final String kafka;
    private final int messages;
    private final int concurrency;
    private final int partitions;
    private final List<CloudEvent> events;
    private final MessageWriter writer = new MessageWriter(false);

    private ServiceBusRates(ServiceBusDouble bus, String kafka, Options options) {
        this.bus = bus;
        this.kafka = kafka;
        this.messages = options.number("messages");
        this.concurrency = options.number("concurrency");
        this.partitions = options.number("partitions");
        this.events = IntStream.range(0, messages)
                .mapToObj(i -> event(i, UserCreated.TYPE, "/hr"))
                .toList();
    }

    public static void main(String[] arguments) {
        Options options = Options.parse(arguments, DEFAULTS);
        Report.print("%s; %,d messages%n".formatted(Report.conditions(), options.number("messages")));
        try (EmbeddedKafka kafka = EmbeddedKafka.start();
                ServiceBusDouble bus = ServiceBusDouble.start(0)) {
            new ServiceBusRates(bus, kafka.bootstrapServers(), options).run(options.number("runs"));
        }
    }

    private void run(int runs) {
        Report.head("run", "in, messages/s", "bare, messages/s", "part", "out, messages/s", "bare, messages/s", "part");
        double[] inward = new double[runs];
        double[] outward = new double[runs];
        for (int run = 0; run <= runs; run++) { // the first only warms up
            double in = in("in-" + run);
            double bareIn = bareIn("bare-in-" + run);
            double out = out("out-" + run);
            double bareOut = bareOut("bare-out-" + run);
            if (run > 0) {
                inward[run - 1] = in / bareIn;
                outward[run - 1] = out / bareOut;
                Report.row(
                        run,
                        whole(in),
                        whole(bareIn),
                        percent(in / bareIn),
                        whole(out),
                        whole(bareOut),
                        percent(out / bareOut));
            }
        }
        Report.row("median", "", "", percent(Figures.median(inward)), "", "", percent(Figures.median(outward)));
    }

    private double in(String queue) {
        fill(queue);
        Clock clock = Clock.systemUTC();
        InSettings settings =
                new InSettings(bus.connectionString(), null, queue, null, null, false, concurrency, 0).checked();
        try (BothLogs logs = new BothLogs(kafka, queue, partitions)) {
            Inbound inbound = ServiceBusConfiguration.inbound(
                    settings,
                    new Admission(new Intake(List.of()), clock),
                    logs.input(),
                    new SimpleMeterRegistry(),
                    clock);
            double rate = perSecond(inbound::start, () -> bus.counts(queue).completed() == messages);
            inbound.stop(Duration.ofSeconds(5)).block();
            return rate;
        }
    }

    private double bareIn(String queue) {
        fill(queue);
        InSettings settings =
                new InSettings(bus.connectionString(), null, queue, null, null, false, concurrency, 0).checked();
        try (ServiceBusReceiverAsyncClient client = new Receivers(settings).open()) {
            Disposable.Swap receiving = Disposables.swap();
            double rate = perSecond(
                    () -> receiving.update(client.receiveMessages()
                            .flatMap(client::complete, concurrency, 1)
                            .subscribe()),
                    () -> bus.counts(queue).completed() == messages);
            receiving.dispose();
            return rate;
        }
    }

    private void fill(String queue) {
        bus.createQueue(queue, EntityOptions.USUAL);
        try (ServiceBusSenderAsyncClient sender = sender(queue)) {
            sendAll(sender);
        }
    }

    private double out(String queue) {
        bus.createQueue(queue, EntityOptions.USUAL);
        try (BothLogs logs = new BothLogs(kafka, queue, partitions);
                Outbound outbound =
                        new Outbound(() -> sender(queue), writer, new Trouble("out"), new SimpleMeterRegistry())) {
            logs.write(IntStream.range(0, messages)
                    .mapToObj(i -> event(i, TokensRevoked.TYPE, "urn:tokenbroker"))
                    .toList());
            AtomicInteger begun = new AtomicInteger();
            // joining a group takes seconds, and is no part of it: the first list waits for the watch
            var gate = Sinks.<Void>empty();
            try (OutcomeRelay.Relaying relaying = relay(logs, outbound, gate.asMono(), begun)) {
                await(() -> begun.get() > 0 && relaying.lag() > 0);
                return perSecond(
                        () -> gate.tryEmitEmpty(), () -> bus.counts(queue).accepted() == messages);
            }
        }
    }

    private static OutcomeRelay.Relaying relay(BothLogs logs, Outbound outbound, Mono<Void> gate, AtomicInteger begun) {
        return logs.relay().begin("out", list -> {
            begun.incrementAndGet();
            return gate.then(outbound.send(list));
        });
    }

    private double bareOut(String queue) {
        bus.createQueue(queue, EntityOptions.USUAL);
        try (ServiceBusSenderAsyncClient sender = sender(queue)) {
            sender.createMessageBatch().block(LIMIT); // the link is open
            return perSecond(() -> sendAll(sender), () -> bus.counts(queue).accepted() == messages);
        }
    }

    /** In batches as full as they get. */
    private void sendAll(ServiceBusSenderAsyncClient sender) {
        ServiceBusMessageBatch batch = batch(sender);
        for (CloudEvent event : events) {
            ServiceBusMessage message = writer.write(event);
            if (!batch.tryAddMessage(message)) {
                sender.sendMessages(batch).block(LIMIT);
                batch = batch(sender);
                batch.tryAddMessage(message);
            }
        }
        sender.sendMessages(batch).block(LIMIT);
    }

    private static ServiceBusMessageBatch batch(ServiceBusSenderAsyncClient sender) {
        return Objects.requireNonNull(sender.createMessageBatch().block(LIMIT));
    }

    private ServiceBusSenderAsyncClient sender(String queue) {
        return new NamespaceAccess("", bus.connectionString(), null)
                .builder()
                .sender()
                .queueName(queue)
                .buildAsyncClient();
    }

    private static CloudEvent event(int number, String type, String source) {
        return CloudEventBuilder.v1()
                .withId("event-" + number)
                .withSource(URI.create(source))
                .withType(type)
                .withSubject("user-" + number)
                .withTime(OffsetDateTime.parse("2026-01-31T12:00:00Z"))
                .withData("application/json", "{\"scopes\":[\"chat\",\"voip\"]}".getBytes(StandardCharsets.UTF_8))
                .build();
    }

    private double perSecond(Runnable work, BooleanSupplier done) {
        long start = System.nanoTime();
        work.run();
        await(done);
        return messages * 1e9 / (System.nanoTime() - start);
    }

    private static void await(BooleanSupplier done) {
        long limit = System.nanoTime() + LIMIT.toNanos();
        while (!done.getAsBoolean()) {
            if (System.nanoTime() > limit) {
                throw new IllegalStateException("not done in " + LIMIT);
            }
            try {
                TimeUnit.MILLISECONDS.sleep(5);
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
                throw new IllegalStateException(e);
            }
        }
    }

    private static String whole(double rate) {
        return "%,.0f".formatted(rate);
    }

    private static String percent(double part) {
        return "%.0f %%".formatted(100 * part);
    }
}
