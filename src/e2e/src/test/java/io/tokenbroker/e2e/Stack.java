package io.tokenbroker.e2e;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.net.URLEncoder;
import java.net.http.HttpRequest;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.IntFunction;
import java.util.stream.Stream;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerConfig;
import org.apache.kafka.clients.producer.RecordMetadata;
import org.apache.kafka.common.serialization.ByteArraySerializer;

/**
 * Kafka and the issuer in one process, the emulator in another, and any number of brokers, on ports and with data of
 * their own.
 */
final class Stack implements AutoCloseable {
    /** As good as no quota of the broker's own. */
    static final List<String> NO_QUOTA = Stream.of(
                    "create", "create-user-and-token", "issue", "exchange", "revoke", "delete")
            .map(operation -> "--tokenbroker.acs.quota." + operation + "=1000000")
            .toList();

    static final String ALL_ROLES = "events.write,events.read,users.admin,tokens.issue,replay";

    private final int kafkaPort = FreePorts.next();
    private final int issuerPort = FreePorts.next();
    private final int acsPort = FreePorts.next();
    private final int emulatorPort = FreePorts.next();
    private final Path logs;
    private final Path data;
    private final List<AutoCloseable> started = new ArrayList<>();
    private final Emulator emulator = new Emulator("http://127.0.0.1:" + emulatorPort);
    private final List<String> kafkaOptions;
    private LocalProcess kafka;
    private LocalProcess acs;

    private Stack(String name, IntFunction<List<String>> kafkaOptions, String... acsOptions) throws IOException {
        logs = emptied(FastStart.LOGS.resolve(name));
        data = Files.createTempDirectory("tokenbroker-e2e-" + name);
        this.kafkaOptions = new ArrayList<>(kafkaOptions.apply(kafkaPort));
        this.kafkaOptions.add("--parts=kafka,issuer");
        kafka = startKafka();
        acs = startAcs(acsOptions);
        kafka.awaitReady();
        acs.awaitReady();
    }

    /** Returns once Kafka, the issuer and the emulator answer. */
    static Stack start(Class<?> test, String... acsOptions) {
        return start(test, port -> List.of(), acsOptions);
    }

    /** @param kafkaOptions of Kafka's process, given the port that clients know */
    static Stack start(Class<?> test, IntFunction<List<String>> kafkaOptions, String... acsOptions) {
        try {
            return new Stack(test.getSimpleName(), kafkaOptions, acsOptions);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private LocalProcess startKafka() {
        return process("kafka", kafkaOptions.toArray(String[]::new));
    }

    /** {@code kill -9}, and returns once Kafka answers again, with the data it had. */
    void restartKafka() {
        kafka.kill();
        kafka = startKafka().awaitReady();
    }

    /** {@code kill -9}. */
    void killKafka() {
        kafka.kill();
    }

    /** Returns once Kafka answers again, with the data it had. */
    void kafkaBack() {
        kafka = startKafka().awaitReady();
    }

    /** The emulator with the data it had; returns at once. */
    private LocalProcess startAcs(String... options) {
        List<String> arguments = new ArrayList<>(List.of(options));
        arguments.add("--parts=acs");
        return process("acs", arguments.toArray(String[]::new));
    }

    LocalProcess acs() {
        return acs;
    }

    /** Returns once the emulator answers again, with the data it had. */
    void acsBack(String... options) {
        acs.close();
        acs = startAcs(options).awaitReady();
    }

    /** Another broker; returns once it is ready. */
    BrokerProcess broker(List<String> settings) {
        return starting(settings).awaitReady();
    }

    /** Another broker; returns at once. */
    BrokerProcess starting(List<String> settings) {
        return starting(settings, List.of());
    }

    /** Another broker, in a JVM with these flags besides; returns at once. */
    BrokerProcess starting(List<String> settings, List<String> jvmFlags) {
        int port = FreePorts.next();
        List<String> arguments = new ArrayList<>(ports());
        arguments.addAll(List.of("--parts=broker", "--broker-port=" + port));
        arguments.addAll(settings);
        String address = "http://127.0.0.1:" + port;
        BrokerProcess broker =
                new BrokerProcess(address, logs.resolve("broker-" + port + ".out.log"), arguments, jvmFlags);
        started.add(broker);
        return broker;
    }

    private LocalProcess process(String name, String... options) {
        List<String> arguments = new ArrayList<>(ports());
        arguments.addAll(List.of(options));
        return LocalProcess.start(logs.resolve(name + ".out.log"), arguments);
    }

    private List<String> ports() {
        return List.of(
                "--kafka-port=" + kafkaPort,
                "--issuer-port=" + issuerPort,
                "--acs-port=" + acsPort,
                "--emulator-port=" + emulatorPort,
                "--data=" + data);
    }

    String kafka() {
        return "127.0.0.1:" + kafkaPort;
    }

    String issuer() {
        return "http://127.0.0.1:" + issuerPort;
    }

    int acsPort() {
        return acsPort;
    }

    /** Where the output of a process of the test's own goes. */
    Path log(String name) {
        return logs.resolve(name + ".out.log");
    }

    Emulator emulator() {
        return emulator;
    }

    /** A caller of that broker who may do anything. */
    BrokerApi admin(BrokerProcess broker) {
        return new BrokerApi(broker.address(), accessToken("admin", ALL_ROLES));
    }

    /** The JWT of a caller who may replay. */
    String operatorToken() {
        return accessToken("operator", "replay");
    }

    /** A caller of the broker at that address who has no roles. */
    BrokerApi user(String address, String userId) {
        return new BrokerApi(address, accessToken(userId, ""));
    }

    private String accessToken(String subject, String roles) {
        return accessToken(issuer(), subject, roles);
    }

    /** What the development issuer at that address gives to whoever asks. */
    static String accessToken(String issuer, String subject, String roles) {
        String query = "?sub=" + URLEncoder.encode(subject, StandardCharsets.UTF_8) + "&roles=" + roles;
        URI uri = URI.create(issuer + "/access-token" + query);
        try {
            return Http.send(HttpRequest.newBuilder(uri))
                    .expect(BrokerApi.OK)
                    .body()
                    .strip();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** A producer as any Java program has it, but for these settings. */
    KafkaProducer<byte[], byte[]> producer(Map<String, Object> settings) {
        return producer(kafka(), settings);
    }

    static KafkaProducer<byte[], byte[]> producer(String bootstrapServers, Map<String, Object> settings) {
        Map<String, Object> all = new HashMap<>(settings);
        all.put(ProducerConfig.BOOTSTRAP_SERVERS_CONFIG, bootstrapServers);
        all.put(ProducerConfig.MAX_BLOCK_MS_CONFIG, 30_000);
        return new KafkaProducer<>(all, new ByteArraySerializer(), new ByteArraySerializer());
    }

    KafkaProducer<byte[], byte[]> producer() {
        return producer(Map.of());
    }

    /** Returns when the record is in Kafka, with where. */
    static RecordMetadata join(Future<RecordMetadata> sent) {
        try {
            return sent.get(30, TimeUnit.SECONDS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException(e);
        } catch (ExecutionException | TimeoutException e) {
            throw new IllegalStateException(e);
        }
    }

    @Override
    public void close() {
        try {
            for (AutoCloseable one : started.reversed()) {
                one.close();
            }
            kafka.close();
            acs.close();
            keepLogs();
            delete(data);
        } catch (Exception e) {
            throw new IllegalStateException("not everything ended as it should", e);
        }
    }

    private void keepLogs() throws IOException {
        try (Stream<Path> files = Files.list(data.resolve("log"))) {
            for (Path file : files.toList()) {
                Files.copy(file, logs.resolve(file.getFileName()), StandardCopyOption.REPLACE_EXISTING);
            }
        }
    }

    static void delete(Path directory) throws IOException {
        Files.delete(emptied(directory));
    }

    private static Path emptied(Path directory) throws IOException {
        Files.createDirectories(directory);
        try (Stream<Path> files = Files.walk(directory)) {
            for (Path file : files.sorted(Comparator.reverseOrder()).toList()) {
                if (!file.equals(directory)) {
                    Files.delete(file);
                }
            }
        }
        return directory;
    }
}
