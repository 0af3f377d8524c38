package io.tokenbroker.local;

import io.tokenbroker.embedded.EmbeddedKafka;
import io.tokenbroker.emulator.AcsEmulator;
import java.io.IOException;
import java.net.BindException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Path;
import java.time.Clock;
import java.util.ArrayDeque;
import java.util.Arrays;
import java.util.Deque;
import java.util.concurrent.CountDownLatch;
import java.util.stream.Collectors;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The parts of this JVM: started one after the other, and stopped in the opposite order. */
final class Stack implements AutoCloseable {
    private static final Logger log = LoggerFactory.getLogger(Stack.class);

    private final Options options;
    private final Neighbours neighbours;
    private final Deque<Running> running = new ArrayDeque<>();
    private final CountDownLatch stopped = new CountDownLatch(1);
    private boolean closing;

    Stack(Options options, Patience patience) {
        this.options = options;
        this.neighbours = new Neighbours(options, patience);
    }

    /**
     * Returns once everything answers.
     *
     * @throws StartFailure naming the part that cannot start, and the option that can help
     */
    void start() {
        for (Part part : Part.values()) {
            if (options.starts(part)) {
                part.ports().forEach(this::requireFree);
            }
        }
        for (Part part : Part.values()) {
            if (options.starts(part)) {
                keep(part, start(part));
            }
        }
        if (options.starts(Part.BROKER)) {
            neighbours.broker();
        }
    }

    /** What has been started and where, on one line. */
    String addresses() {
        return Arrays.stream(Part.values())
                .filter(options::starts)
                .flatMap(part -> part.ports().stream())
                .map(port -> port.label() + "=" + options.address(port))
                .collect(Collectors.joining(" "));
    }

    private AutoCloseable start(Part part) {
        Path data = options.data();
        try {
            return switch (part) {
                case KAFKA ->
                    EmbeddedKafka.start(data.resolve("kafka"), options.port(LocalPort.KAFKA), options.kafka());
                case ACS -> AcsEmulator.start(options.emulator());
                case ISSUER ->
                    DevelopmentIssuer.start(
                            options.issuerHost(),
                            options.port(LocalPort.ISSUER),
                            data.resolve("issuer"),
                            Clock.systemUTC());
                case BROKER -> BrokerPart.start(BrokerSettings.of(options, neighbours));
            };
        } catch (StartFailure e) {
            throw e;
        } catch (Exception e) {
            log.error("{} did not start", part.label(), e);
            throw failure(part, e);
        }
    }

    private StartFailure failure(Part part, Exception failure) {
        Throwable cause = failure;
        while (cause.getCause() != null && !(cause instanceof BindException)) {
            cause = cause.getCause();
        }
        if (cause instanceof BindException) {
            String ports = part.ports().stream()
                    .map(port -> options.port(port) + " (" + port.option() + ")")
                    .collect(Collectors.joining(" or "));
            return new StartFailure(part.label() + " did not start; taken is port " + ports, failure);
        }
        return new StartFailure(
                part.label() + " did not start: " + cause.getMessage() + "; the log is " + LogFile.of(options),
                failure);
    }

    private void requireFree(LocalPort port) {
        int number = options.port(port);
        try (ServerSocket socket = new ServerSocket(number, 1, InetAddress.getLoopbackAddress())) {
            log.debug("port {} is free: {}", number, socket.isBound());
        } catch (IOException e) {
            throw new StartFailure("port " + number + " is taken; choose another with " + port.option(), e);
        }
    }

    private synchronized void keep(Part part, AutoCloseable started) {
        Running one = new Running(part, started);
        if (closing) {
            one.stop();
            throw new StartFailure("stopped while starting");
        }
        running.push(one);
    }

    /** Returns when the stack has been closed. */
    void awaitStop() throws InterruptedException {
        stopped.await();
    }

    @Override
    public synchronized void close() {
        closing = true;
        while (!running.isEmpty()) {
            running.pop().stop();
        }
        neighbours.close();
        stopped.countDown();
    }

    private record Running(Part part, AutoCloseable closeable) {
        void stop() {
            try {
                closeable.close();
            } catch (Exception e) {
                log.warn("{} did not stop as it should", part.label(), e);
            }
        }
    }
}
