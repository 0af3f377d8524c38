package io.tokenbroker.busdouble;

import com.azure.core.amqp.AmqpRetryOptions;
import com.azure.messaging.servicebus.ServiceBusClientBuilder;
import com.azure.messaging.servicebus.ServiceBusMessage;
import com.azure.messaging.servicebus.ServiceBusReceivedMessage;
import com.azure.messaging.servicebus.ServiceBusReceiverAsyncClient;
import com.azure.messaging.servicebus.ServiceBusSenderAsyncClient;
import com.azure.messaging.servicebus.ServiceBusSessionReceiverAsyncClient;
import com.azure.messaging.servicebus.models.ServiceBusReceiveMode;
import com.azure.messaging.servicebus.models.SubQueue;
import java.time.Duration;
import java.util.List;

/** Clients of the public SDK. */
final class Bus {

    static final Duration SOON = Duration.ofSeconds(20);

    private Bus() {}

    static ServiceBusClientBuilder builder(String connectionString) {
        return new ServiceBusClientBuilder()
                .connectionString(connectionString)
                .retryOptions(new AmqpRetryOptions()
                        .setMaxRetries(2)
                        .setDelay(Duration.ofMillis(200))
                        .setMaxDelay(Duration.ofSeconds(6))
                        .setTryTimeout(Duration.ofSeconds(10)));
    }

    static ServiceBusReceiverAsyncClient receiver(String connectionString, String queue) {
        return builder(connectionString)
                .receiver()
                .queueName(queue)
                .disableAutoComplete()
                .maxAutoLockRenewDuration(Duration.ZERO)
                .buildAsyncClient();
    }

    static ServiceBusReceiverAsyncClient deadLetters(String connectionString, String queue) {
        return builder(connectionString)
                .receiver()
                .queueName(queue)
                .subQueue(SubQueue.DEAD_LETTER_QUEUE)
                .receiveMode(ServiceBusReceiveMode.RECEIVE_AND_DELETE)
                .buildAsyncClient();
    }

    static ServiceBusSessionReceiverAsyncClient sessions(String connectionString, String queue) {
        return builder(connectionString)
                .sessionReceiver()
                .queueName(queue)
                .disableAutoComplete()
                .maxAutoLockRenewDuration(Duration.ZERO)
                .buildAsyncClient();
    }

    static void send(String connectionString, String queue, ServiceBusMessage... messages) {
        try (ServiceBusSenderAsyncClient sender =
                builder(connectionString).sender().queueName(queue).buildAsyncClient()) {
            sender.sendMessages(List.of(messages)).block(SOON);
        }
    }

    static ServiceBusMessage message(String id) {
        return new ServiceBusMessage("body of " + id).setMessageId(id);
    }

    static List<String> ids(List<ServiceBusReceivedMessage> messages) {
        return messages.stream().map(ServiceBusReceivedMessage::getMessageId).toList();
    }
}
