package io.tokenbroker.e2e;

import com.azure.core.util.IterableStream;
import com.azure.messaging.servicebus.ServiceBusClientBuilder;
import com.azure.messaging.servicebus.ServiceBusMessage;
import com.azure.messaging.servicebus.ServiceBusMessageBatch;
import com.azure.messaging.servicebus.ServiceBusReceivedMessage;
import com.azure.messaging.servicebus.ServiceBusReceiverClient;
import com.azure.messaging.servicebus.ServiceBusSenderClient;
import com.azure.messaging.servicebus.models.ServiceBusReceiveMode;
import io.tokenbroker.busdouble.ServiceBusDouble;
import java.io.File;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Properties;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.apache.qpid.proton.Proton;

/** The protocol test double as a process of its own, and the public SDK's clients of it. */
final class ServiceBus implements AutoCloseable {

    private final int port = FreePorts.next();
    private final int controlPort = FreePorts.next();
    private final LocalProcess process;

    private ServiceBus(Path log) {
        String classes = Stream.of(ServiceBusDouble.class, Proton.class)
                .map(type -> type.getProtectionDomain().getCodeSource().getLocation())
                .map(location -> Path.of(URI.create(location.toString())).toString())
                .collect(Collectors.joining(File.pathSeparator));
        String java = Path.of(System.getProperty("java.home"), "bin", "java").toString();
        process = LocalProcess.start(
                List.of(java, "-XX:+UseSerialGC", "-Xmx256m", "-cp", classes, "io.tokenbroker.busdouble.Main"),
                log,
                List.of("--port=" + port, "--control-port=" + controlPort));
        process.awaitReady();
    }

    static ServiceBus start(Path log) {
        return new ServiceBus(log);
    }

    String connectionString() {
        return process.output()
                .lines()
                .filter(line -> line.startsWith("ready "))
                .map(line -> line.substring("ready ".length()))
                .findFirst()
                .orElseThrow();
    }

    /** As {@code create-queue?entity=…}. */
    String ask(String what) {
        URI uri = URI.create("http://127.0.0.1:" + controlPort + "/" + what);
        try {
            return Http.send(HttpRequest.newBuilder(uri).POST(BodyPublishers.noBody()))
                    .expect(BrokerApi.OK)
                    .body();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** One of the entity's counts: {@code active}, {@code completed} and so on. */
    long count(String entity, String name) {
        Properties counts = new Properties();
        try {
            counts.load(new java.io.StringReader(ask("counts?entity=" + entity)));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return Long.parseLong(counts.getProperty(name));
    }

    /** Neither waiting nor on its way. */
    boolean isEmpty(String entity) {
        return count(entity, "active") + count(entity, "locked") == 0;
    }

    List<String> deadLetters(String entity) {
        return ask("dead-letters?entity=" + entity).lines().toList();
    }

    void send(String queue, List<ServiceBusMessage> messages) {
        try (ServiceBusSenderClient sender = builder().sender().queueName(queue).buildClient()) {
            ServiceBusMessageBatch batch = sender.createMessageBatch();
            for (ServiceBusMessage message : messages) {
                if (!batch.tryAddMessage(message)) {
                    sender.sendMessages(batch);
                    batch = sender.createMessageBatch();
                    batch.tryAddMessage(message);
                }
            }
            sender.sendMessages(batch);
        }
    }

    /** Everything in the subscription, which is empty afterwards. */
    List<ServiceBusReceivedMessage> drain(String topic, String subscription) {
        List<ServiceBusReceivedMessage> all = new ArrayList<>();
        try (ServiceBusReceiverClient receiver = builder()
                .receiver()
                .topicName(topic)
                .subscriptionName(subscription)
                .receiveMode(ServiceBusReceiveMode.RECEIVE_AND_DELETE)
                .buildClient()) {
            while (true) {
                IterableStream<ServiceBusReceivedMessage> some = receiver.receiveMessages(500, Duration.ofSeconds(2));
                int before = all.size();
                some.forEach(all::add);
                if (all.size() == before) {
                    return all;
                }
            }
        }
    }

    private ServiceBusClientBuilder builder() {
        return new ServiceBusClientBuilder().connectionString(connectionString());
    }

    @Override
    public void close() {
        process.close();
    }
}
