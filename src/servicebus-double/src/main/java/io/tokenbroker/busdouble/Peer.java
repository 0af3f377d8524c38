package io.tokenbroker.busdouble;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.SelectionKey;
import java.nio.channels.SocketChannel;
import java.time.Duration;
import java.util.function.Supplier;
import org.apache.qpid.proton.Proton;
import org.apache.qpid.proton.engine.Collector;
import org.apache.qpid.proton.engine.Connection;
import org.apache.qpid.proton.engine.Event;
import org.apache.qpid.proton.engine.Sasl;
import org.apache.qpid.proton.engine.Transport;
import org.jspecify.annotations.Nullable;

/** One connection: bytes in and out of the engine, and what the engine tells of it. */
final class Peer {

    private static final int FRAME = 64 * 1024;
    private static final int IDLE_MILLIS = 60_000;

    private final SocketChannel channel;
    private final Transport transport = Proton.transport();
    private final Connection connection = Proton.connection();
    private final Collector collector = Proton.collector();
    private final Supplier<Duration> delay;
    private final Links links;
    private @Nullable SelectionKey key;
    private long readAgainAt;

    Peer(SocketChannel channel, Supplier<Duration> delay, Links links) {
        this.channel = channel;
        this.delay = delay;
        this.links = links;
        transport.setMaxFrameSize(FRAME);
        transport.setIdleTimeout(IDLE_MILLIS);
        Sasl sasl = transport.sasl();
        sasl.server();
        sasl.setMechanisms("ANONYMOUS");
        sasl.done(Sasl.SaslOutcome.PN_SASL_OK);
        connection.collect(collector);
        transport.bind(connection);
    }

    void registered(SelectionKey registered) {
        key = registered;
    }

    Links links() {
        return links;
    }

    boolean isClosed() {
        return !channel.isOpen();
    }

    /** Cuts the connection without a word. */
    void drop() {
        try {
            channel.close();
        } catch (IOException e) {
            // it is gone either way
        }
        links.gone();
    }

    /** The socket can be read or written; where there is a delay, it is read only after it. */
    void ready(long now) {
        long wait = delay.get().toMillis();
        if (wait > 0 && readAgainAt == 0) {
            readAgainAt = now + wait;
            interest(0);
        }
        if (wait == 0 || now >= readAgainAt) {
            readAgainAt = 0;
            read();
        }
    }

    private void read() {
        try {
            while (transport.capacity() > 0) {
                ByteBuffer tail = transport.tail();
                int read = channel.read(tail);
                if (read < 0) {
                    transport.close_tail();
                    drop();
                    return;
                }
                if (read == 0) {
                    return;
                }
                transport.process();
            }
        } catch (IOException | RuntimeException e) {
            drop();
        }
    }

    /**
     * Answers what was read, delivers what there is, and writes it.
     *
     * @return whether anything was answered
     */
    boolean work(long now) {
        if (isClosed()) {
            return false;
        }
        boolean any = false;
        if (readAgainAt > 0 && now >= readAgainAt) {
            ready(now);
        }
        for (Event event = collector.peek(); event != null; event = collector.peek()) {
            handle(event, now);
            collector.pop();
            any = true;
        }
        links.deliver(now);
        transport.tick(now);
        write();
        return any;
    }

    private void handle(Event event, long now) {
        switch (event.getType()) {
            case CONNECTION_REMOTE_OPEN -> {
                connection.setContainer("servicebus-double");
                connection.open();
            }
            case SESSION_REMOTE_OPEN -> event.getSession().open();
            case SESSION_REMOTE_CLOSE -> event.getSession().close();
            case LINK_REMOTE_OPEN -> links.attach(event.getLink(), now);
            case LINK_REMOTE_CLOSE, LINK_REMOTE_DETACH -> links.detached(event.getLink());
            case DELIVERY -> links.delivery(event.getDelivery(), now);
            case CONNECTION_REMOTE_CLOSE -> {
                connection.close();
                links.gone();
            }
            default -> {
                // what proton sees to by itself
            }
        }
    }

    private void interest(int operations) {
        if (key != null && key.isValid()) {
            key.interestOps(operations);
        }
    }

    private void write() {
        try {
            while (transport.pending() > 0) {
                int written = channel.write(transport.head());
                if (written == 0) {
                    break;
                }
                transport.pop(written);
            }
            if (transport.pending() < 0) {
                drop();
            } else {
                int read = readAgainAt > 0 ? 0 : SelectionKey.OP_READ;
                interest(transport.pending() > 0 ? read | SelectionKey.OP_WRITE : read);
            }
        } catch (IOException | RuntimeException e) {
            drop();
        }
    }
}
