package io.tokenbroker.embedded;

import java.io.IOException;
import java.io.OutputStream;
import java.io.PrintStream;
import java.io.UncheckedIOException;
import java.net.BindException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.Map;
import java.util.Properties;
import java.util.concurrent.atomic.AtomicBoolean;
import kafka.server.KafkaConfig;
import kafka.server.KafkaRaftServer;
import org.apache.kafka.common.Uuid;
import org.apache.kafka.common.utils.Time;
import org.apache.kafka.metadata.storage.Formatter;
import org.jspecify.annotations.Nullable;

/**
 * One Apache Kafka node (KRaft, broker and controller in one) inside this JVM, reachable on 127.0.0.1 alone.
 *
 * <p>It is up, with transactions and groups at hand, when {@code start} returns. Topics are not made by asking for
 * them. Several may run in one JVM, each in a directory of its own.
 *
 * <p>Thread-safe. Kafka ends the whole JVM when its directory fails under it, as it does when it runs alone.
 */
public final class EmbeddedKafka implements AutoCloseable {
    private final KafkaRaftServer server;
    private final int port;
    private final DirectoryLock lock;
    private final @Nullable Path deletedOnClose;
    private final AtomicBoolean closed = new AtomicBoolean();

    private EmbeddedKafka(KafkaRaftServer server, int port, DirectoryLock lock, @Nullable Path deletedOnClose) {
        this.server = server;
        this.port = port;
        this.lock = lock;
        this.deletedOnClose = deletedOnClose;
    }

    /**
     * Starts a node with an empty directory and a free port; the directory goes when the node is closed.
     *
     * @throws UncheckedIOException where no directory can be made or no port is free
     */
    public static EmbeddedKafka start() {
        return start(Map.of());
    }

    /**
     * As {@link #start()}, with settings of Kafka's own names that take precedence over this class's.
     *
     * @throws UncheckedIOException where no directory can be made or no port is free
     */
    public static EmbeddedKafka start(Map<String, String> overrides) {
        try {
            Path directory = Files.createTempDirectory("embedded-kafka-");
            return start(directory, 0, overrides, directory);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /**
     * Starts a node on {@code directory}, which is made and formatted where it is not yet, and otherwise gone on with:
     * topics, records, offsets and transactions are as they were, whether the last node was closed or killed.
     *
     * @param port the port of clients, or 0 for a free one, which may differ from start to start
     * @param overrides settings of Kafka's own names that take precedence over this class's
     * @throws UncheckedIOException where the directory cannot be written or is another node's, or, around a
     *     {@link BindException}, where the port is taken
     */
    public static EmbeddedKafka start(Path directory, int port, Map<String, String> overrides) {
        try {
            return start(directory, port, overrides, null);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static EmbeddedKafka start(
            Path directory, int port, Map<String, String> overrides, @Nullable Path deletedOnClose) throws IOException {
        int clients = port == 0 ? FreePort.any() : FreePort.require(port);
        DirectoryLock lock = DirectoryLock.of(Files.createDirectories(directory));
        try {
            format(directory);
            KafkaRaftServer server = run(directory, clients, overrides);
            return new EmbeddedKafka(server, clients, lock, deletedOnClose);
        } catch (IOException | RuntimeException e) {
            lock.close();
            throw e;
        }
    }

    private static KafkaRaftServer run(Path directory, int clients, Map<String, String> overrides) throws IOException {
        Properties settings = new Properties();
        settings.putAll(NodeSettings.of(directory, clients, FreePort.any(clients)));
        settings.putAll(overrides);
        KafkaRaftServer server = new KafkaRaftServer(KafkaConfig.fromProps(settings, false), Time.SYSTEM);
        try {
            server.startup();
            return server;
        } catch (RuntimeException e) {
            server.shutdown();
            throw e;
        }
    }

    /** Formats a directory that has not been; Kafka writes {@code meta.properties} last, so half done is not done. */
    private static void format(Path directory) throws IOException {
        if (Files.exists(directory.resolve("meta.properties"))) {
            return;
        }
        try (PrintStream nowhere = new PrintStream(OutputStream.nullOutputStream(), false, StandardCharsets.UTF_8)) {
            new Formatter()
                    .setPrintStream(nowhere)
                    .setNodeId(NodeSettings.NODE_ID)
                    .setClusterId(Uuid.randomUuid().toString())
                    .setControllerListenerName(NodeSettings.CONTROLLER_LISTENER)
                    .setMetadataLogDirectory(directory.toString())
                    .addDirectory(directory.toString())
                    .run();
        } catch (IOException | RuntimeException e) {
            throw e;
        } catch (Exception e) {
            throw new IOException("cannot format " + directory + " for Kafka", e);
        }
    }

    /** Where clients connect: {@code 127.0.0.1:port}. */
    public String bootstrapServers() {
        return NodeSettings.HOST + ":" + port;
    }

    /** Stops the node and waits until it has; the second time, does nothing. */
    @Override
    public void close() {
        if (!closed.compareAndSet(false, true)) {
            return;
        }
        server.shutdown();
        server.awaitShutdown();
        lock.close();
        if (deletedOnClose != null) {
            delete(deletedOnClose);
        }
    }

    private static void delete(Path directory) {
        try (var paths = Files.walk(directory)) {
            for (Path path : paths.sorted(Comparator.reverseOrder()).toList()) {
                Files.deleteIfExists(path);
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
