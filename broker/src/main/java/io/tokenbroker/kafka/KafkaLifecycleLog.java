package io.tokenbroker.kafka;

import io.cloudevents.kafka.KafkaMessageFactory;
import io.tokenbroker.directory.LogPosition;
import io.tokenbroker.intake.EventTooLarge;
import io.tokenbroker.intake.LifecycleLog;
import io.tokenbroker.intake.LogUnavailable;
import java.util.List;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.clients.producer.RecordMetadata;
import reactor.core.publisher.Mono;

/** The input log in Kafka. One event goes alone, several in one transaction. */
final class KafkaLifecycleLog implements LifecycleLog {

    private final TopicFacts.Topic topic;
    private final Partitioning partitioning;
    private final Appender single;
    private final TransactionalAppender several;

    KafkaLifecycleLog(TopicFacts topics, Appender single, TransactionalAppender several) {
        this.topic = topics.lifecycle();
        this.partitioning = topics.partitioning();
        this.single = single;
        this.several = several;
    }

    @Override
    public Mono<List<LogPosition>> append(List<Draft> drafts) {
        return Mono.defer(() -> {
                    List<ProducerRecord<byte[], byte[]>> records =
                            drafts.stream().map(this::record).toList();
                    return switch (records.size()) {
                        case 0 -> Mono.just(List.<RecordMetadata>of());
                        case 1 -> single.append(records.getFirst()).map(List::of);
                        default -> several.append(records);
                    };
                })
                .map(written -> written.stream().map(this::position).toList())
                .onErrorMap(KafkaLifecycleLog::fault);
    }

    private ProducerRecord<byte[], byte[]> record(Draft draft) {
        byte[] key = draft.userId().utf8();
        return KafkaMessageFactory.createWriter(topic.name(), partitioning.of(key), key)
                .writeBinary(draft.event());
    }

    private LogPosition position(RecordMetadata written) {
        return new LogPosition(topic.id(), written.partition(), written.offset());
    }

    private static Throwable fault(Throwable e) {
        return Appender.isAway(e)
                ? new LogUnavailable("the input log took the events not in time", e)
                : new EventTooLarge("an event is larger than a record of the input log may be", e);
    }
}
