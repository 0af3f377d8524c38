package io.tokenbroker.bench.http;

import static java.nio.charset.StandardCharsets.US_ASCII;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.SelectionKey;
import java.nio.channels.Selector;
import java.nio.channels.SocketChannel;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.BooleanSupplier;
import java.util.function.Predicate;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/** Thousands of streams of outcomes, read by one thread. */
final class Subscribers implements AutoCloseable, Subscriber.Deliveries {

    private static final long PATIENCE = TimeUnit.SECONDS.toNanos(60);
    private static final int MOST_KEPT = 4_000_000;

    private final Selector selector = Selector.open();
    private final List<Subscriber> all;
    private final String accessToken;
    private final ByteBuffer in = ByteBuffer.allocateDirect(64 * 1024);
    private final AtomicLong delivered = new AtomicLong();
    private final ConcurrentLinkedQueue<SocketChannel> opened = new ConcurrentLinkedQueue<>();
    private final long[] waited = new long[MOST_KEPT];
    private final Thread thread;
    private volatile boolean closing;
    private volatile @Nullable Throwable fault;

    /** @param announcer by whom nothing is announced while they are opened */
    Subscribers(int number, String accessToken, Announcer announcer) throws IOException {
        this.accessToken = accessToken;
        long[] expected = IntStream.range(0, announcer.partitions())
                .mapToLong(announcer::last)
                .toArray();
        all = IntStream.range(0, number).mapToObj(i -> new Subscriber(expected)).toList();
        thread = Thread.ofPlatform().name("subscribers").start(this::read);
    }

    /** Opens them all, where they were if they were open before; returns when each has been answered. */
    void open(int port) throws IOException, InterruptedException {
        for (Subscriber subscriber : all) {
            subscriber.reconnected();
            SocketChannel channel = SocketChannel.open(new InetSocketAddress(InetAddress.getLoopbackAddress(), port));
            channel.write(ByteBuffer.wrap(request(port, subscriber.lastId()).getBytes(US_ASCII)));
            channel.configureBlocking(false);
            channel.register(selector, SelectionKey.OP_READ, subscriber);
            opened.add(channel);
            selector.wakeup();
        }
        await("open", () -> all.stream().allMatch(Subscriber::isOpen));
    }

    /** Returns when each was told all that was announced. */
    void awaitAll(Announcer announcer) throws InterruptedException {
        Predicate<Subscriber> upToDate = subscriber -> IntStream.range(0, announcer.partitions())
                .allMatch(partition -> subscriber.hasSeen(partition, announcer.last(partition)));
        await("up to date", () -> all.stream().allMatch(upToDate));
    }

    private void await(String what, BooleanSupplier there) throws InterruptedException {
        long limit = System.nanoTime() + PATIENCE;
        while (!there.getAsBoolean()) {
            Throwable seen = fault;
            if (seen != null || System.nanoTime() > limit) {
                throw new IllegalStateException("not all are " + what, seen);
            }
            TimeUnit.MILLISECONDS.sleep(20);
        }
    }

    long delivered() {
        return delivered.get();
    }

    /** How long each delivery since the {@code from}th took, in nanoseconds. */
    long[] waitedSince(long from) {
        int first = (int) Math.min(from, MOST_KEPT);
        int end = (int) Math.min(delivered.get(), MOST_KEPT);
        return Arrays.copyOfRange(waited, first, Math.max(first + 1, end));
    }

    /** Events that some were not told, and that some were told twice. */
    String faults() {
        return "%d lost, %d doubled"
                .formatted(
                        all.stream().mapToLong(subscriber -> subscriber.lost).sum(),
                        all.stream().mapToLong(subscriber -> subscriber.doubled).sum());
    }

    @Override
    public void delivered(long nanos) {
        long number = delivered.get();
        if (number < MOST_KEPT) {
            waited[(int) number] = nanos;
        }
        delivered.set(number + 1);
    }

    private void read() {
        try {
            while (!closing) {
                selector.select(this::read, 100);
            }
        } catch (IOException | RuntimeException e) {
            fault = e;
        }
    }

    private void read(SelectionKey key) {
        in.clear();
        try {
            if (((SocketChannel) key.channel()).read(in) < 0) {
                key.cancel();
            }
        } catch (IOException cut) {
            key.cancel();
        }
        in.flip();
        ((Subscriber) key.attachment()).read(in, this);
    }

    private String request(int port, String lastId) {
        List<String> lines = new ArrayList<>(List.of(
                "GET /v1/token-events HTTP/1.1",
                "Host: 127.0.0.1:" + port,
                "Accept: text/event-stream",
                "Authorization: Bearer " + accessToken));
        if (!lastId.isEmpty()) {
            lines.add("Last-Event-ID: " + lastId);
        }
        return String.join("\r\n", lines) + "\r\n\r\n";
    }

    @Override
    public void close() throws IOException {
        closing = true;
        selector.wakeup();
        try {
            thread.join();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        for (SocketChannel channel : opened) {
            channel.close();
        }
        selector.close();
    }
}
