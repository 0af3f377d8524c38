package io.tokenbroker.kafka;

import io.tokenbroker.directory.CreateIntent;
import io.tokenbroker.directory.DirectoryEntry;
import io.tokenbroker.directory.UserId;
import io.tokenbroker.pipeline.Transaction;
import java.util.ArrayList;
import java.util.List;
import org.apache.kafka.clients.producer.ProducerRecord;

/** What a transaction is in Kafka: entries, tombstones and intents first and in that order, then all the rest. */
final class TransactionRecords {

    private final TopicFacts topics;

    TransactionRecords(TopicFacts topics) {
        this.topics = topics;
    }

    List<ProducerRecord<byte[], byte[]>> of(int partition, Transaction transaction) {
        List<ProducerRecord<byte[], byte[]>> records = new ArrayList<>(transaction.size());
        for (DirectoryEntry entry : transaction.entries()) {
            records.add(new ProducerRecord<>(
                    topics.directory().name(), partition, entry.userId().utf8(), EntryCodec.encode(entry)));
        }
        for (UserId forgotten : transaction.forgotten()) {
            records.add(new ProducerRecord<>(topics.directory().name(), partition, forgotten.utf8(), null));
        }
        for (CreateIntent intent : transaction.intents()) {
            byte[] value = intent.isEmpty() ? null : IntentCodec.encode(intent);
            records.add(new ProducerRecord<>(
                    topics.createIntents().name(), partition, intent.userId().utf8(), value));
        }
        transaction
                .outcomes()
                .forEach(outcome ->
                        records.add(OutcomeCodec.encode(topics.events().name(), outcome)));
        transaction
                .deadLetters()
                .forEach(letter ->
                        records.add(DeadLetterCodec.encode(topics.deadLetters().name(), letter)));
        transaction
                .reroutes()
                .forEach(reroute -> records.add(RawRecords.copyTo(
                        topics.lifecycle().name(),
                        topics.partitioning().of(reroute.userId()),
                        reroute.userId().utf8(),
                        reroute.record())));
        return records;
    }
}
