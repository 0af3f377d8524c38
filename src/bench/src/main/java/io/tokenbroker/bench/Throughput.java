package io.tokenbroker.bench;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.header.Header;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.apache.kafka.common.serialization.ByteArraySerializer;

/**
 * How near the pipeline comes to the bound that calls in flight and latency set: users created per second, from the
 * first event appended to the last {@code identity.provisioned} a reader of committed records sees, beside in flight ÷
 * latency. The whole stack shares the machine with the measurement.
 *
 * <p>Arguments, all optional: {@code --jar= --events=2000 --in-flight=100 --latency=50 --warm-up=60 --runs=10}. The
 * runs before the printed ones warm the JVM up, which shares two processors with Kafka and the emulator: with none, what
 * is measured is its compiler.
 */
final class Throughput {

    private static final String CREATED = "tokenbroker.user.created.v1";
    private static final String PROVISIONED = "tokenbroker.identity.provisioned.v1";
    private static final Duration LIMIT = Duration.ofMinutes(2);

    private Throughput() {}

    public static void main(String[] arguments) throws IOException, InterruptedException {
        Options options = Options.parse(arguments);
        List<String> settings = List.of(
                "--tokenbroker.pipeline.max-in-flight=" + options.inFlight(),
                "--tokenbroker.lifecycle.first-token=false");
        try (LocalProcess stack = new LocalProcess(options.jar(), settings)) {
            stack.setLatency(options.latency());
            double bound = options.inFlight() * 1000.0 / options.latency();
            print("%d events, %d calls in flight, %d ms per call: bound %.0f events/s%n%n"
                    .formatted(options.events(), options.inFlight(), options.latency(), bound));
            print("| run | seconds | events/s | of the bound | CPU-seconds of the stack |%n|---|---|---|---|---|%n"
                    .formatted());
            for (int run = 0; run < options.warmUp(); run++) {
                measure(stack.bootstrapServers(), options.events());
            }
            List<Double> rates = new ArrayList<>();
            for (int run = 1; run <= options.runs(); run++) {
                Duration before = stack.cpu();
                double seconds = measure(stack.bootstrapServers(), options.events());
                double cpu = stack.cpu().minus(before).toMillis() / 1000.0;
                double rate = options.events() / seconds;
                rates.add(rate);
                print("| %d | %.3f | %.0f | %.1f %% | %.2f |%n".formatted(run, seconds, rate, 100 * rate / bound, cpu));
            }
            Collections.sort(rates);
            print("%nmedian: %.1f %% of the bound%n".formatted(100 * rates.get(rates.size() / 2) / bound));
        }
    }

    private static double measure(String bootstrapServers, int events) {
        Map<String, Object> reading =
                Map.of("bootstrap.servers", bootstrapServers, "isolation.level", "read_committed");
        Map<String, Object> writing = Map.of("bootstrap.servers", bootstrapServers, "linger.ms", 1);
        try (var consumer = new KafkaConsumer<>(reading, new ByteArrayDeserializer(), new ByteArrayDeserializer());
                var producer = new KafkaProducer<>(writing, new ByteArraySerializer(), new ByteArraySerializer())) {
            List<TopicPartition> partitions = consumer.partitionsFor("token-events").stream()
                    .map(info -> new TopicPartition(info.topic(), info.partition()))
                    .toList();
            consumer.assign(partitions);
            consumer.seekToEnd(partitions);
            partitions.forEach(consumer::position);
            Set<String> waiting = new HashSet<>();
            String run = UUID.randomUUID().toString();
            producer.partitionsFor("user-lifecycle");
            long start = System.nanoTime();
            for (int i = 0; i < events; i++) {
                String user = run + "-" + i;
                waiting.add(user);
                var unused = producer.send(created(user));
            }
            producer.flush();
            while (!waiting.isEmpty()) {
                for (ConsumerRecord<byte[], byte[]> record : consumer.poll(Duration.ofMillis(100))) {
                    if (PROVISIONED.equals(header(record, "ce_type"))) {
                        waiting.remove(new String(record.key(), UTF_8));
                    }
                }
                if (System.nanoTime() - start > LIMIT.toNanos()) {
                    throw new IllegalStateException(waiting.size() + " users were not provisioned in " + LIMIT);
                }
            }
            return (System.nanoTime() - start) / 1e9;
        }
    }

    private static ProducerRecord<byte[], byte[]> created(String user) {
        var record = new ProducerRecord<byte[], byte[]>("user-lifecycle", user.getBytes(UTF_8), "{}".getBytes(UTF_8));
        Map<String, String> attributes = Map.of(
                "ce_specversion",
                "1.0",
                "ce_id",
                user,
                "ce_source",
                "/bench",
                "ce_type",
                CREATED,
                "ce_subject",
                user,
                "content-type",
                "application/json");
        attributes.forEach((name, value) -> record.headers().add(name, value.getBytes(UTF_8)));
        return record;
    }

    private static String header(ConsumerRecord<byte[], byte[]> record, String name) {
        Header header = record.headers().lastHeader(name);
        return header == null ? "" : new String(header.value(), UTF_8);
    }

    @SuppressWarnings("SystemOut") // a command's result
    private static void print(String text) {
        System.out.print(text);
    }

    private record Options(Path jar, int events, int inFlight, int latency, int warmUp, int runs) {

        static Options parse(String[] arguments) {
            Path jar = Path.of("src/local/target/tokenbroker-local.jar");
            int events = 2000;
            int inFlight = 100;
            int latency = 50;
            int warmUp = 60;
            int runs = 10;
            for (String argument : arguments) {
                String value = argument.substring(argument.indexOf('=') + 1);
                switch (argument.substring(0, Math.max(0, argument.indexOf('=')))
                        .toLowerCase(Locale.ROOT)) {
                    case "--jar" -> jar = Path.of(value);
                    case "--events" -> events = Integer.parseInt(value);
                    case "--in-flight" -> inFlight = Integer.parseInt(value);
                    case "--latency" -> latency = Integer.parseInt(value);
                    case "--warm-up" -> warmUp = Integer.parseInt(value);
                    case "--runs" -> runs = Integer.parseInt(value);
                    default ->
                        throw new IllegalArgumentException("unknown option " + argument
                                + "; allowed: --jar= --events= --in-flight= --latency= --warm-up= --runs=");
                }
            }
            if (!Files.exists(jar)) {
                throw new IllegalArgumentException("--jar is " + jar + ", which does not exist; allowed: the local"
                        + " stack's jar, made by ./mvnw package");
            }
            return new Options(jar, events, inFlight, latency, warmUp, runs);
        }
    }
}
