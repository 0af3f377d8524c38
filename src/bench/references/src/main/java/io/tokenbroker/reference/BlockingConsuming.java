package io.tokenbroker.reference;

import com.azure.communication.common.CommunicationUserIdentifier;
import com.azure.communication.identity.CommunicationIdentityAsyncClient;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Future;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.ConsumerRecords;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.producer.Producer;
import org.apache.kafka.clients.producer.RecordMetadata;
import org.apache.kafka.common.errors.WakeupException;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;

/** The plain consumer: polls, calls for one event after the other and waits each time, produces, commits. */
final class BlockingConsuming implements AutoCloseable {

    private final CommunicationIdentityAsyncClient client;
    private final Producer<byte[], byte[]> producer;
    private final KafkaConsumer<byte[], byte[]> consumer;
    private final Thread thread = new Thread(this::consume, "consumer");

    BlockingConsuming(String bootstrapServers, CommunicationIdentityAsyncClient client) {
        this.client = client;
        this.producer = OutcomeRecords.producer(bootstrapServers);
        Map<String, Object> properties = Map.of(
                "bootstrap.servers",
                bootstrapServers,
                "group.id",
                "blocking",
                "enable.auto.commit",
                false,
                "auto.offset.reset",
                "earliest");
        this.consumer = new KafkaConsumer<>(properties, new ByteArrayDeserializer(), new ByteArrayDeserializer());
    }

    void start() {
        consumer.subscribe(List.of(Topics.EVENTS_IN));
        thread.start();
    }

    private void consume() {
        try (consumer;
                producer) {
            while (true) {
                ConsumerRecords<byte[], byte[]> events = consumer.poll(Duration.ofSeconds(1));
                List<Future<RecordMetadata>> sent = new ArrayList<>();
                for (ConsumerRecord<byte[], byte[]> event : events) {
                    String user = OutcomeRecords.user(event);
                    CommunicationUserIdentifier identity =
                            Objects.requireNonNull(client.createUser().block());
                    OutcomeRecords.of(event, user, identity.getId()).forEach(record -> sent.add(producer.send(record)));
                }
                for (Future<RecordMetadata> record : sent) {
                    record.get();
                }
                consumer.commitSync();
            }
        } catch (WakeupException | InterruptedException closing) {
            Thread.currentThread().interrupt();
        } catch (ExecutionException e) {
            throw new IllegalStateException("an outcome could not be written", e);
        }
    }

    @Override
    public void close() {
        consumer.wakeup();
    }
}
