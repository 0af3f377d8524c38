package io.tokenbroker.busdouble;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.Callable;

/**
 * The double, on loopback, in plain AMQP. Everything it is asked here has happened when the call returns. Safe for use
 * by many threads.
 */
public final class ServiceBusDouble implements AutoCloseable {

    /** As large as a message may be in a namespace of the standard tier. */
    public static final long USUAL_MESSAGE_SIZE = 256 * 1024;

    private static final String DETACH_FORCED = "amqp:link:detach-forced";

    private final Namespace namespace = new Namespace();
    private final Faults faults = new Faults();
    private final Loop loop;
    private final String key;

    private ServiceBusDouble(int port, String key, long maxMessageSize) throws IOException {
        this.key = key;
        Requests requests = new Requests(namespace, new Keys(key));
        this.loop = new Loop(
                port,
                (self, channel) ->
                        new Peer(channel, faults::delay, new Links(namespace, faults, requests, maxMessageSize)),
                () -> namespace.all().forEach(queue -> queue.expire(System.currentTimeMillis())));
    }

    /** @param port zero for any that is free */
    public static ServiceBusDouble start(int port) {
        return start(port, "bm90IGEgc2VjcmV0", USUAL_MESSAGE_SIZE);
    }

    /**
     * @param key of the one access policy there is
     * @param maxMessageSize in bytes
     */
    public static ServiceBusDouble start(int port, String key, long maxMessageSize) {
        try {
            return new ServiceBusDouble(port, key, maxMessageSize);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    public int port() {
        return loop.port();
    }

    /** For the SDKs. */
    public String connectionString() {
        return connectionString(key);
    }

    /** With another key, which is refused. */
    public String connectionString(String otherKey) {
        return "Endpoint=sb://127.0.0.1:%d;SharedAccessKeyName=%s;SharedAccessKey=%s;UseDevelopmentEmulator=true;"
                .formatted(port(), Keys.NAME, otherKey);
    }

    public void createQueue(String name, EntityOptions options) {
        run(() -> namespace.createQueue(name, options));
    }

    public void createTopic(String name, EntityOptions options) {
        run(() -> namespace.createTopic(name, options));
    }

    public void createSubscription(String topic, String name, EntityOptions options) {
        run(() -> namespace.createSubscription(topic, name, options));
    }

    /** With all there is in it; who is attached is told. */
    public void delete(String entity) {
        run(() -> {
            namespace.delete(entity);
            detach(entity, "amqp:not-found", "The messaging entity '" + entity + "' could not be found");
        });
    }

    /** Nobody can send to it or receive from it; who is attached is told. */
    public void disable(String entity) {
        run(() -> {
            namespace.disable(entity, true);
            detach(entity, "com.microsoft:entity-disabled", "Messaging entity '" + entity + "' is currently disabled");
        });
    }

    public void enable(String entity) {
        run(() -> namespace.disable(entity, false));
    }

    /** Cuts every connection without a word. */
    public void dropConnections() {
        run(() -> loop.peers().forEach(Peer::drop));
    }

    /** Closes every link, as the service does when it moves an entity. */
    public void detachLinks() {
        run(() -> loop.peers().forEach(peer -> peer.links().detach(null, DETACH_FORCED, "The link is force detached")));
    }

    /** Closes the one link that has that session, and no other. */
    public void detachSession(String session) {
        run(() -> loop.peers()
                .forEach(peer -> peer.links().detachSession(session, DETACH_FORCED, "The link is force detached")));
    }

    private void detach(String entity, String condition, String description) {
        loop.peers().forEach(peer -> peer.links().detach(entity, condition, description));
    }

    /** How long everything that is read waits before it is looked at. */
    public void delay(Duration each) {
        faults.delay(each);
    }

    /** The next sends are refused, as the service does when it is busy. */
    public void busy(int sends) {
        faults.busy(sends);
    }

    /** Every lock on a message or session expires at once. */
    public void expireLocks(String entity) {
        run(() -> queue(entity).expireAll());
    }

    /** What there is in a queue, a subscription, or the dead-letter queue of one. */
    public EntityCounts counts(String entity) {
        return loop.call(() -> queue(entity).counts());
    }

    /** How many connections there are. */
    public int connections() {
        return loop.call(() -> loop.peers().size());
    }

    /** The reasons and descriptions of what is in the dead-letter queue, each on a line. */
    public List<String> deadLetters(String entity) {
        return loop.call(() -> queue(entity).deadLetters().peek(0, Integer.MAX_VALUE).stream()
                .map(StoredMessage::deadLetter)
                .toList());
    }

    private Queue queue(String entity) {
        Queue queue = namespace.source(entity);
        if (queue == null) {
            throw new IllegalArgumentException("there is no " + entity);
        }
        return queue;
    }

    private void run(Runnable task) {
        Callable<Boolean> done = () -> {
            task.run();
            return true;
        };
        loop.call(done);
    }

    @Override
    public void close() {
        try {
            loop.close();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
