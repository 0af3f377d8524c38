package io.tokenbroker.bench.http;

import static java.nio.charset.StandardCharsets.US_ASCII;

import java.io.EOFException;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.StandardSocketOptions;
import java.nio.ByteBuffer;
import java.nio.channels.SelectionKey;
import java.nio.channels.Selector;
import java.nio.channels.SocketChannel;

/**
 * The same request again and again over kept-alive connections, each sending the next when it has the answer to the
 * last. One thread and no library, so that the processors are the server's as far as that is possible.
 */
final class Requests implements AutoCloseable {

    private static final byte[] LENGTH = "content-length: ".getBytes(US_ASCII);
    private static final int LARGEST_ANSWER = 16 * 1024;

    private final Selector selector = Selector.open();
    private final byte[] request;
    private long answered;

    /** @param request as it goes over the wire; its answers have a {@code Content-Length} */
    Requests(int port, int connections, String request) throws IOException {
        this.request = request.getBytes(US_ASCII);
        for (int i = 0; i < connections; i++) {
            SocketChannel channel = SocketChannel.open(new InetSocketAddress(InetAddress.getLoopbackAddress(), port));
            channel.setOption(StandardSocketOptions.TCP_NODELAY, true);
            channel.configureBlocking(false);
            channel.register(selector, SelectionKey.OP_READ, ByteBuffer.allocate(LARGEST_ANSWER));
            send(channel);
        }
    }

    /**
     * Goes on for so long.
     *
     * @return how many answers came
     * @throws IllegalStateException where one of them is not 200
     */
    long run(long nanos) throws IOException {
        long before = answered;
        long end = System.nanoTime() + nanos;
        while (System.nanoTime() < end) {
            selector.select(this::read, 100);
        }
        return answered - before;
    }

    private void read(SelectionKey key) {
        SocketChannel channel = (SocketChannel) key.channel();
        ByteBuffer in = (ByteBuffer) key.attachment();
        try {
            if (channel.read(in) < 0) {
                throw new EOFException("the server has closed a connection");
            }
            if (isWhole(in)) {
                in.clear();
                answered++;
                send(channel);
            }
        } catch (IOException e) {
            throw new IllegalStateException(e);
        }
    }

    private void send(SocketChannel channel) throws IOException {
        ByteBuffer out = ByteBuffer.wrap(request);
        while (out.hasRemaining()) {
            channel.write(out);
        }
    }

    @SuppressWarnings("ByteBufferBackingArray") // allocated above
    private static boolean isWhole(ByteBuffer in) {
        byte[] bytes = in.array();
        int end = in.position();
        int body = Bytes.find(bytes, 0, end, "\r\n\r\n".getBytes(US_ASCII));
        if (body < 0) {
            return false;
        }
        if (bytes[9] != '2' || bytes[10] != '0' || bytes[11] != '0') {
            throw new IllegalStateException(new String(bytes, 0, end, US_ASCII));
        }
        int at = Bytes.find(bytes, 0, body, LENGTH);
        int length = at < 0 ? 0 : (int) Bytes.number(bytes, at + LENGTH.length);
        return end >= body + 4 + length;
    }

    @Override
    public void close() throws IOException {
        for (SelectionKey key : selector.keys()) {
            key.channel().close();
        }
        selector.close();
    }
}
