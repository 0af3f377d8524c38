package io.tokenbroker.bench.http;

import static java.nio.charset.StandardCharsets.US_ASCII;

import java.nio.ByteBuffer;
import java.util.Arrays;

/**
 * One stream of outcomes as its client reads it: takes the chunks of HTTP apart, and the stream into its events, of which
 * it keeps the last id and the last number of each partition. Survives its connection.
 */
final class Subscriber {

    private static final byte[] ID = "id:".getBytes(US_ASCII);
    private static final byte[] SUBJECT = "\"subject\":\"".getBytes(US_ASCII);
    private static final byte[] HEADERS_END = "\r\n\r\n".getBytes(US_ASCII);

    /** What a delivery is told to. */
    interface Deliveries {
        void delivered(long nanos);
    }

    private enum Reading {
        HEADERS,
        SIZE,
        DATA,
        DATA_END
    }

    private final long[] seen;
    private byte[] frame = new byte[1024];
    private int length;
    private Reading reading = Reading.HEADERS;
    private int left;
    private String lastId = "";
    private boolean open;
    long lost;
    long doubled;

    /** @param expected the number before the first it is to be told, per partition */
    Subscriber(long[] expected) {
        seen = expected.clone();
    }

    String lastId() {
        return lastId;
    }

    boolean isOpen() {
        return open;
    }

    boolean hasSeen(int partition, long number) {
        return seen[partition] >= number;
    }

    /** What comes next comes over another connection. */
    void reconnected() {
        reading = Reading.HEADERS;
        length = 0;
        open = false;
    }

    /** @throws IllegalStateException where the answer is not 200 */
    void read(ByteBuffer in, Deliveries deliveries) {
        while (in.hasRemaining()) {
            switch (reading) {
                case HEADERS -> headers(in.get());
                case SIZE -> size(in.get());
                case DATA -> data(in, deliveries);
                case DATA_END -> {
                    if (in.get() == '\n') {
                        reading = Reading.SIZE;
                        left = 0;
                    }
                }
            }
        }
    }

    private void headers(byte next) {
        append(next);
        if (next == '\n' && Bytes.find(frame, Math.max(0, length - 4), length, HEADERS_END) >= 0) {
            if (!new String(frame, 9, 3, US_ASCII).equals("200")) {
                throw new IllegalStateException(new String(frame, 0, length, US_ASCII));
            }
            length = 0;
            left = 0;
            open = true;
            reading = Reading.SIZE;
        }
    }

    private void size(byte next) {
        if (next == '\n') {
            reading = Reading.DATA;
        } else if (next != '\r') {
            left = 16 * left + Character.digit(next, 16);
        }
    }

    private void data(ByteBuffer in, Deliveries deliveries) {
        while (left > 0 && in.hasRemaining()) {
            byte next = in.get();
            left--;
            if (next == '\n' && length > 0 && frame[length - 1] == '\n') {
                event(deliveries);
                length = 0;
            } else {
                append(next);
            }
        }
        if (left == 0) {
            reading = Reading.DATA_END;
        }
    }

    private void event(Deliveries deliveries) {
        int id = Bytes.find(frame, 0, Math.min(length, 64), ID);
        if (id >= 0) {
            int end = id;
            while (frame[end] != '\n') {
                end++;
            }
            lastId = new String(frame, id + ID.length, end - id - ID.length, US_ASCII).strip();
        }
        int subject = Bytes.find(frame, 0, length, SUBJECT);
        if (subject < 0) {
            return;
        }
        int at = subject + SUBJECT.length;
        int partition = (int) Bytes.number(frame, at);
        at = next(at);
        long number = Bytes.number(frame, at);
        at = next(at);
        if (number <= seen[partition]) {
            doubled++;
        } else {
            lost += number - seen[partition] - 1;
            seen[partition] = number;
        }
        deliveries.delivered(System.nanoTime() - Bytes.number(frame, at));
    }

    private int next(int at) {
        int dot = at;
        while (frame[dot] != '.') {
            dot++;
        }
        return dot + 1;
    }

    private void append(byte next) {
        if (length == frame.length) {
            frame = Arrays.copyOf(frame, 2 * length);
        }
        frame[length++] = next;
    }
}
