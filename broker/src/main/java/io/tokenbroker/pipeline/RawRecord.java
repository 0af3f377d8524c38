package io.tokenbroker.pipeline;

import io.tokenbroker.directory.LogPosition;
import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A record of the input log as it came, so that a dead letter or a re-routed copy has the bytes untouched. Arrays are
 * shared, not copied: nobody writes to them.
 */
@SuppressWarnings("ArrayRecordComponent") // compared by position only, and never copied on the hot path
public record RawRecord(
        LogPosition position, Instant timestamp, byte @Nullable [] key, byte @Nullable [] value, List<Header> headers) {

    /** One header; Kafka allows a name more than once and a missing value. */
    public record Header(String name, byte @Nullable [] value) {}

    public RawRecord {
        headers = List.copyOf(headers);
    }

    /** Bytes held in memory for it, about. */
    public int size() {
        int size = 64 + (key == null ? 0 : key.length) + (value == null ? 0 : value.length);
        for (Header header : headers) {
            size += header.name().length() + (header.value() == null ? 0 : header.value().length);
        }
        return size;
    }

    @Override
    public String toString() {
        return "RawRecord[" + position + ", " + size() + " bytes]";
    }
}
