package io.tokenbroker.reference;

import com.azure.communication.identity.CommunicationIdentityAsyncClient;
import io.confluent.parallelconsumer.ParallelConsumerOptions;
import io.confluent.parallelconsumer.ParallelConsumerOptions.ProcessingOrder;
import io.confluent.parallelconsumer.reactor.ReactorProcessor;
import java.util.List;
import java.util.Map;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.producer.Producer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import reactor.core.publisher.Mono;

/**
 * Confluent's parallel-consumer, its Reactor module, in the order of keys: as the broker does, it works on different
 * users at once and on one user's events in their order. It commits offsets by itself and is at least once.
 */
final class ParallelConsuming implements AutoCloseable {

    private final CommunicationIdentityAsyncClient client;
    private final Producer<byte[], byte[]> producer;
    private final ReactorProcessor<byte[], byte[]> processor;

    ParallelConsuming(String bootstrapServers, CommunicationIdentityAsyncClient client, int inFlight) {
        this.client = client;
        this.producer = OutcomeRecords.producer(bootstrapServers);
        Map<String, Object> properties = Map.of(
                "bootstrap.servers",
                bootstrapServers,
                "group.id",
                "parallel-consumer",
                "enable.auto.commit",
                false,
                "auto.offset.reset",
                "earliest");
        var consumer = new KafkaConsumer<>(properties, new ByteArrayDeserializer(), new ByteArrayDeserializer());
        this.processor = new ReactorProcessor<>(ParallelConsumerOptions.<byte[], byte[]>builder()
                .consumer(consumer)
                .ordering(ProcessingOrder.KEY)
                .maxConcurrency(inFlight)
                .build());
    }

    void start() {
        processor.subscribe(List.of(Topics.EVENTS_IN));
        processor.react(context -> provision(context.getSingleConsumerRecord()));
    }

    /** Emits once: parallel-consumer takes the value, not the completion, for the end of the work. */
    private Mono<String> provision(ConsumerRecord<byte[], byte[]> event) {
        String user = OutcomeRecords.user(event);
        return client.createUser()
                .flatMapIterable(identity -> OutcomeRecords.of(event, user, identity.getId()))
                .flatMap(this::send)
                .then(Mono.just(user));
    }

    private Mono<Void> send(ProducerRecord<byte[], byte[]> record) {
        return Mono.create(sink -> {
            var unused = producer.send(record, (metadata, error) -> {
                if (error == null) {
                    sink.success();
                } else {
                    sink.error(error);
                }
            });
        });
    }

    @Override
    public void close() {
        processor.close();
        producer.close();
    }
}
