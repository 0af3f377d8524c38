package io.tokenbroker.busdouble;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.channels.SelectionKey;
import java.nio.channels.Selector;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.util.ArrayList;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.function.BiFunction;

/** One thread for all connections and entities, so that nothing of them needs a lock. */
final class Loop implements AutoCloseable {

    private static final System.Logger LOG = System.getLogger(Loop.class.getName());
    private static final int TICK_MILLIS = 10;

    private final Selector selector = Selector.open();
    private final ServerSocketChannel server = ServerSocketChannel.open();
    private final Queue<Runnable> tasks = new ConcurrentLinkedQueue<>();
    private final List<Peer> peers = new ArrayList<>();
    private final BiFunction<Loop, SocketChannel, Peer> accept;
    private final Runnable everyTick;
    private final Thread thread = new Thread(this::run, "servicebus-double");
    private volatile boolean closed;

    Loop(int port, BiFunction<Loop, SocketChannel, Peer> accept, Runnable everyTick) throws IOException {
        this.accept = accept;
        this.everyTick = everyTick;
        server.bind(new InetSocketAddress(InetAddress.getLoopbackAddress(), port));
        server.configureBlocking(false);
        server.register(selector, SelectionKey.OP_ACCEPT);
        thread.setDaemon(true);
        thread.start();
    }

    int port() {
        return server.socket().getLocalPort();
    }

    /** The connections; on the loop's thread only. */
    List<Peer> peers() {
        return List.copyOf(peers);
    }

    /** Runs it on the loop's thread, and returns when it is done. */
    <T> T call(Callable<T> task) {
        if (closed) {
            throw new IllegalStateException("closed");
        }
        CompletableFuture<T> done = new CompletableFuture<>();
        tasks.add(() -> {
            try {
                done.complete(task.call());
            } catch (Exception e) {
                done.completeExceptionally(e);
            }
        });
        selector.wakeup();
        return done.join();
    }

    private void run() {
        long nextTick = 0;
        while (!closed) {
            try {
                selector.select(TICK_MILLIS);
                for (Runnable task = tasks.poll(); task != null; task = tasks.poll()) {
                    task.run();
                }
                long now = System.currentTimeMillis();
                for (SelectionKey key : selector.selectedKeys()) {
                    if (key.isValid() && key.isAcceptable()) {
                        open();
                    } else if (key.isValid() && key.attachment() instanceof Peer peer) {
                        peer.ready(now);
                    }
                }
                selector.selectedKeys().clear();
                if (now >= nextTick) {
                    everyTick.run();
                    nextTick = now + TICK_MILLIS;
                }
                boolean more = true;
                while (more) { // what one sends another may be waiting for
                    more = false;
                    for (Peer peer : peers) {
                        more |= work(peer, now);
                    }
                }
                peers.removeIf(Peer::isClosed);
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        }
    }

    /** What a client does wrong is its own connection's end. */
    private static boolean work(Peer peer, long now) {
        try {
            return peer.work(now);
        } catch (RuntimeException e) {
            LOG.log(System.Logger.Level.ERROR, "connection dropped", e);
            peer.drop();
            return false;
        }
    }

    private void open() throws IOException {
        SocketChannel channel = server.accept();
        if (channel == null) {
            return;
        }
        channel.configureBlocking(false);
        channel.socket().setTcpNoDelay(true);
        Peer peer = accept.apply(this, channel);
        peer.registered(channel.register(selector, SelectionKey.OP_READ, peer));
        peers.add(peer);
    }

    @Override
    public void close() throws IOException {
        if (closed) {
            return;
        }
        call(() -> {
            peers.forEach(Peer::drop);
            closed = true;
            return true;
        });
        try {
            thread.join();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        server.close();
        selector.close();
    }
}
