package io.tokenbroker.http;

import io.tokenbroker.outcomes.FeedPosition;
import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/**
 * Positions as SSE ids, which clients keep and send back without looking into them: base64url of a version, the topic
 * id, how many partitions it had, and per partition that is followed the next offset, in variable-length integers.
 */
final class PositionCodec {

    private static final int VERSION = 2;
    private static final int MAX_TOPIC_ID = 64;
    private static final int MAX_PARTITIONS = 100_000;

    private PositionCodec() {}

    static String encode(FeedPosition position) {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        byte[] topicId = position.topicId().getBytes(StandardCharsets.UTF_8);
        out.write(VERSION);
        writeLong(out, topicId.length);
        out.writeBytes(topicId);
        writeLong(out, position.partitions());
        writeLong(out, position.next().size());
        new TreeMap<>(position.next()).forEach((partition, offset) -> {
            writeLong(out, partition);
            writeLong(out, offset);
        });
        return Base64.getUrlEncoder().withoutPadding().encodeToString(out.toByteArray());
    }

    /** Empty for anything {@link #encode} cannot have made. */
    static Optional<FeedPosition> decode(String id) {
        try {
            Input in = new Input(Base64.getUrlDecoder().decode(id));
            if (in.next() != VERSION) {
                return Optional.empty();
            }
            String topicId = in.text(in.number(MAX_TOPIC_ID));
            int partitions = in.number(Integer.MAX_VALUE);
            int followed = in.number(MAX_PARTITIONS);
            Map<Integer, Long> next = new TreeMap<>();
            for (int i = 0; i < followed; i++) {
                next.put(in.number(Integer.MAX_VALUE), in.longNumber());
            }
            boolean whole = in.isAtEnd() && next.size() == followed && !topicId.isEmpty();
            return whole ? Optional.of(new FeedPosition(topicId, partitions, next)) : Optional.empty();
        } catch (IllegalArgumentException | IndexOutOfBoundsException garbage) {
            return Optional.empty();
        }
    }

    private static void writeLong(ByteArrayOutputStream out, long value) {
        long rest = value;
        while (rest >= 0x80) {
            out.write((int) (rest & 0x7f) | 0x80);
            rest >>>= 7;
        }
        out.write((int) rest);
    }

    private static final class Input {

        private final byte[] bytes;
        private int at;

        Input(byte[] bytes) {
            this.bytes = bytes;
        }

        int next() {
            return bytes[at++] & 0xff;
        }

        boolean isAtEnd() {
            return at == bytes.length;
        }

        int number(int max) {
            long value = longNumber();
            if (value > max) {
                throw new IllegalArgumentException();
            }
            return (int) value;
        }

        long longNumber() {
            long value = 0;
            for (int shift = 0; shift < Long.SIZE - 1; shift += 7) {
                int octet = next();
                value |= (octet & 0x7fL) << shift;
                if (octet < 0x80) {
                    return value;
                }
            }
            throw new IllegalArgumentException();
        }

        String text(int length) {
            if (length > bytes.length - at) {
                throw new IllegalArgumentException();
            }
            String text = new String(bytes, at, length, StandardCharsets.UTF_8);
            at += length;
            return text;
        }
    }
}
