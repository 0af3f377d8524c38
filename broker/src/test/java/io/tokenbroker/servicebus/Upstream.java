package io.tokenbroker.servicebus;

import com.azure.messaging.servicebus.ServiceBusClientBuilder;
import com.azure.messaging.servicebus.ServiceBusMessage;
import com.azure.messaging.servicebus.ServiceBusSenderAsyncClient;
import io.tokenbroker.events.UserDeleted;
import java.time.Duration;
import java.util.List;

/** Whoever sends lifecycle events. */
final class Upstream {

    static final Duration SOON = Duration.ofSeconds(30);

    private Upstream() {}

    static void send(String connectionString, String queue, ServiceBusMessage... messages) {
        try (ServiceBusSenderAsyncClient sender = new ServiceBusClientBuilder()
                .connectionString(connectionString)
                .sender()
                .queueName(queue)
                .buildAsyncClient()) {
            for (ServiceBusMessage message : messages) {
                sender.sendMessage(message).block(SOON);
            }
        }
    }

    /** In binary mode, without data. */
    static ServiceBusMessage aDeletion(String id, String user) {
        return aDeletion("cloudEvents_", id, user);
    }

    static ServiceBusMessage aDeletion(String prefix, String id, String user) {
        ServiceBusMessage message = new ServiceBusMessage("").setMessageId(id);
        message.getApplicationProperties().put(prefix + "specversion", "1.0");
        message.getApplicationProperties().put(prefix + "id", id);
        message.getApplicationProperties().put(prefix + "source", "/hr");
        message.getApplicationProperties().put(prefix + "type", UserDeleted.TYPE);
        message.getApplicationProperties().put(prefix + "subject", user);
        return message;
    }

    static ServiceBusMessage structured(String json) {
        return new ServiceBusMessage(json).setContentType("application/cloudevents+json; charset=utf-8");
    }

    static String json(String id, String type, String user) {
        return "{\"specversion\":\"1.0\",\"id\":\"%s\",\"source\":\"/hr\",\"type\":\"%s\",\"subject\":\"%s\"}"
                .formatted(id, type, user);
    }

    static List<ServiceBusMessage> deletions(int from, int to) {
        return java.util.stream.IntStream.range(from, to)
                .mapToObj(i -> aDeletion("e" + i, "user-" + i))
                .toList();
    }
}
