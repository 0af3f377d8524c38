package io.tokenbroker.busdouble;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.UUID;

/** Lock tokens as delivery tags: sixteen bytes, the first eight in .NET's order. */
final class Guids {

    private Guids() {}

    static byte[] tag(UUID token) {
        long high = token.getMostSignificantBits();
        return ByteBuffer.allocate(16)
                .order(ByteOrder.LITTLE_ENDIAN)
                .putInt((int) (high >>> 32))
                .putShort((short) (high >>> 16))
                .putShort((short) high)
                .order(ByteOrder.BIG_ENDIAN)
                .putLong(token.getLeastSignificantBits())
                .array();
    }

    static UUID token(byte[] tag) {
        ByteBuffer buffer = ByteBuffer.wrap(tag).order(ByteOrder.LITTLE_ENDIAN);
        long high = Integer.toUnsignedLong(buffer.getInt()) << 32;
        high |= Short.toUnsignedLong(buffer.getShort()) << 16;
        high |= Short.toUnsignedLong(buffer.getShort());
        return new UUID(high, buffer.order(ByteOrder.BIG_ENDIAN).getLong());
    }
}
