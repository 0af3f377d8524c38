package io.tokenbroker.e2e;

import java.io.DataInputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.locks.LockSupport;

/**
 * The network between one process and a server: it can be cut, go silent and be slow, for that process alone. Whoever
 * connects to {@link #port} is connected to the server.
 */
final class Link implements AutoCloseable {
    /** Kafka's number of the request that ends a transaction. */
    static final int END_TXN = 26;

    private static final int BUFFER = 16 * 1024;
    private static final int NOTHING = -1;

    private enum State {
        UP,
        /** Connections are reset, and so are new ones. */
        CUT,
        /** Nothing comes through, in neither direction, and nobody is told. What was under way is lost. */
        SILENT,
        /** The server hears everything, and nobody hears the server. */
        DEAF
    }

    private final ServerSocket listener;
    private final InetSocketAddress server;
    private final boolean kafka;
    private final Set<Socket> open = ConcurrentHashMap.newKeySet();
    private volatile State state = State.UP;
    private volatile Duration delay = Duration.ZERO;
    private volatile int heldApi = NOTHING;
    private volatile CompletableFuture<Void> lost = new CompletableFuture<>();

    private Link(int port, int serverPort, boolean kafka) {
        this.kafka = kafka;
        this.server = new InetSocketAddress(InetAddress.getLoopbackAddress(), serverPort);
        try {
            this.listener = new ServerSocket(port, 50, InetAddress.getLoopbackAddress());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        Thread.ofVirtual().start(this::accept);
    }

    /** To a server of any protocol. */
    static Link to(int serverPort) {
        return new Link(0, serverPort, false);
    }

    /** To a Kafka listener, at the port it advertises. */
    static Link toKafka(int advertisedPort, int listenerPort) {
        return new Link(advertisedPort, listenerPort, true);
    }

    int port() {
        return listener.getLocalPort();
    }

    void cut() {
        var unused = change(State.CUT);
        reset();
    }

    /** Done when something the client said was lost. */
    CompletableFuture<Void> silence() {
        return change(State.SILENT);
    }

    /** Done when something the server said was lost. */
    CompletableFuture<Void> deafen() {
        return change(State.DEAF);
    }

    void slow(Duration eachWay) {
        delay = eachWay;
    }

    /** The next request of that kind, and what follows on its connection, is kept from Kafka; done when one is. */
    CompletableFuture<Void> hold(int api) {
        lost = new CompletableFuture<>();
        heldApi = api;
        return lost;
    }

    /** As if nothing had been; connections that were silent are reset, so that nothing arrives late. */
    void heal() {
        delay = Duration.ZERO;
        heldApi = NOTHING;
        if (state != State.UP || lost.isDone()) {
            reset();
        }
        state = State.UP;
    }

    private CompletableFuture<Void> change(State to) {
        lost = new CompletableFuture<>();
        state = to;
        return lost;
    }

    private void reset() {
        open.forEach(Link::reset);
    }

    private void accept() {
        while (!listener.isClosed()) {
            try {
                Socket client = listener.accept();
                Thread.ofVirtual().start(() -> connect(client));
            } catch (IOException e) {
                // closed, which the loop sees
            }
        }
    }

    private void connect(Socket client) {
        open.add(client);
        Socket upstream = new Socket();
        open.add(upstream);
        try {
            if (state == State.CUT) {
                throw new IOException("cut");
            }
            upstream.connect(server);
            client.setTcpNoDelay(true);
            upstream.setTcpNoDelay(true);
            Thread.ofVirtual().start(() -> pass(client, upstream, this::requests));
            pass(upstream, client, (in, out) -> bytes(in, out, false));
        } catch (IOException e) {
            end(client);
            end(upstream);
        }
    }

    private interface Passing {
        void pass(InputStream in, OutputStream out) throws IOException;
    }

    private void pass(Socket from, Socket to, Passing passing) {
        try {
            passing.pass(from.getInputStream(), to.getOutputStream());
        } catch (IOException e) {
            // one side went, and so does the other
        } finally {
            end(from);
            end(to);
        }
    }

    private void requests(InputStream in, OutputStream out) throws IOException {
        if (!kafka) {
            bytes(in, out, true);
            return;
        }
        var frames = new DataInputStream(in);
        while (true) {
            int length = frames.readInt();
            byte[] frame =
                    ByteBuffer.allocate(Integer.BYTES + length).putInt(length).array();
            frames.readFully(frame, Integer.BYTES, length);
            int api = ByteBuffer.wrap(frame, Integer.BYTES, Short.BYTES).getShort();
            if (api == heldApi) {
                lost.complete(null);
                swallow(frames);
            }
            write(out, frame, frame.length, true);
        }
    }

    private void bytes(InputStream in, OutputStream out, boolean toServer) throws IOException {
        byte[] buffer = new byte[BUFFER];
        for (int read = in.read(buffer); read >= 0; read = in.read(buffer)) {
            write(out, buffer, read, toServer);
        }
    }

    private void write(OutputStream out, byte[] buffer, int length, boolean toServer) throws IOException {
        Duration wait = delay;
        if (!wait.isZero()) {
            LockSupport.parkNanos(wait.toNanos());
        }
        State now = state;
        if (now == State.UP || (now == State.DEAF && toServer)) {
            out.write(buffer, 0, length);
        } else if (toServer || now == State.DEAF) {
            lost.complete(null);
        }
    }

    /** Until the connection is reset. */
    private static void swallow(InputStream in) throws IOException {
        byte[] buffer = new byte[BUFFER];
        while (in.read(buffer) >= 0) {
            // nobody gets it
        }
        throw new EOFException();
    }

    private void end(Socket socket) {
        open.remove(socket);
        reset(socket);
    }

    private static void reset(Socket socket) {
        try {
            if (!socket.isClosed() && socket.isConnected()) {
                socket.setSoLinger(true, 0);
            }
            socket.close();
        } catch (IOException e) {
            // it is gone either way
        }
    }

    @Override
    public void close() throws IOException {
        listener.close();
        reset();
    }
}
