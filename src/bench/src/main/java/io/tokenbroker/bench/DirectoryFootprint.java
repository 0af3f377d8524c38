package io.tokenbroker.bench;

import io.tokenbroker.bench.harness.Options;
import io.tokenbroker.bench.harness.Report;
import io.tokenbroker.directory.DirectoryEntry;
import io.tokenbroker.directory.DirectoryView;
import io.tokenbroker.directory.UserId;
import io.tokenbroker.embedded.EmbeddedKafka;
import io.tokenbroker.kafka.DirectoryTopic;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;

/**
 * What each user costs an instance: bytes of heap in the directory's view, beside a plain map from user id to identity
 * id; time to find an entry; and seconds to restore all of them from an embedded Kafka, beside a bare consumer that
 * polls the same topic to its end and counts.
 *
 * <p>Options: {@code --entries=1000000 --partitions=12 --runs=5}. Kafka runs in this JVM.
 */
final class DirectoryFootprint {

    private static final Map<String, String> DEFAULTS = Map.of("entries", "1000000", "partitions", "12", "runs", "5");
    private static final int FINDS = 1_000_000;

    private final SampleEntries entries;

    private DirectoryFootprint(SampleEntries entries) {
        this.entries = entries;
    }

    public static void main(String[] arguments) {
        Options options = Options.parse(arguments, DEFAULTS);
        SampleEntries entries = new SampleEntries(options.number("entries"), options.number("partitions"));
        DirectoryFootprint footprint = new DirectoryFootprint(entries);
        Report.print("%s; %,d entries, %d partitions%n"
                .formatted(Report.conditions(), entries.count(), entries.partitions()));
        footprint.heap();
        footprint.restore(options.number("runs"));
    }

    private void heap() {
        // classes loaded and tables grown by one entry belong to nobody
        new DirectoryView().apply(SampleEntries.userId(0), 0, entries.entry(0));
        Report.head("held", "bytes of heap per entry", "to find one, µs");
        Held<DirectoryView> view = Held.of(this::view);
        Report.row(
                "the view: entries, in order, and by identity",
                "%.1f".formatted(view.bytesPer(entries.count())),
                "%.2f".formatted(microsToFind(view.what())));
        Held<?> plain = Held.of(this::plainMap);
        Report.row(
                "`ConcurrentHashMap<String, String>`, user id to identity id",
                "%.1f".formatted(plain.bytesPer(entries.count())),
                "");
        Report.print("");
    }

    private DirectoryView view() {
        DirectoryView view = new DirectoryView();
        long offset = 0;
        for (DirectoryEntry entry : entries) {
            view.apply(entry.userId(), offset++, entry);
        }
        return view;
    }

    private ConcurrentHashMap<String, String> plainMap() {
        var map = new ConcurrentHashMap<String, String>();
        for (int user = 0; user < entries.count(); user++) {
            map.put(
                    SampleEntries.userId(user).value(),
                    SampleEntries.identityId(user).value());
        }
        return map;
    }

    /** Of users in no order, the second time round. */
    private double microsToFind(DirectoryView view) {
        long nanos = 0;
        for (int round = 0; round < 2; round++) {
            nanos = 0;
            for (int i = 0; i < FINDS; i++) {
                UserId userId = SampleEntries.userId((int) (i * 7_919L % entries.count()));
                long start = System.nanoTime();
                DirectoryEntry found = view.find(userId).orElseThrow();
                nanos += System.nanoTime() - start;
                if (!found.userId().equals(userId)) {
                    throw new IllegalStateException("found another user's entry");
                }
            }
        }
        return nanos / 1e3 / FINDS;
    }

    private void restore(int runs) {
        try (EmbeddedKafka kafka = EmbeddedKafka.start();
                DirectoryTopic topic = new DirectoryTopic(kafka.bootstrapServers(), entries.partitions())) {
            long bytes = topic.write(entries);
            Report.print("%,d bytes of key and value per record%n".formatted(bytes / entries.count()));
            Report.head("run", "seconds to restore", "of CPU", "seconds of a bare consumer", "of CPU");
            for (int run = 1; run <= runs; run++) {
                Took restored = Took.by(() -> expectAll(restored(topic).size()));
                Took polled = Took.by(() -> expectAll(counted(kafka.bootstrapServers(), topic.partitions())));
                Report.row(run, restored, polled);
            }
        }
    }

    private static DirectoryView restored(DirectoryTopic topic) {
        DirectoryView view = new DirectoryView();
        topic.restore(view);
        return view;
    }

    private static long counted(String bootstrapServers, List<TopicPartition> partitions) {
        Map<String, Object> properties = Map.of("bootstrap.servers", bootstrapServers);
        long count = 0;
        try (var consumer = new KafkaConsumer<>(properties, new ByteArrayDeserializer(), new ByteArrayDeserializer())) {
            consumer.assign(partitions);
            consumer.seekToBeginning(partitions);
            long all = consumer.endOffsets(partitions).values().stream()
                    .mapToLong(Long::longValue)
                    .sum();
            while (count < all) {
                count += consumer.poll(Duration.ofMillis(100)).count();
            }
        }
        return count;
    }

    private void expectAll(long found) {
        if (found != entries.count()) {
            throw new IllegalStateException("found " + found + " of " + entries.count() + " entries");
        }
    }
}
