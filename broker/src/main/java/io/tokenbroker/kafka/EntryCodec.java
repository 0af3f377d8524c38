package io.tokenbroker.kafka;

import io.tokenbroker.directory.DirectoryEntry;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.ObjectReader;
import tools.jackson.databind.ObjectWriter;
import tools.jackson.databind.annotation.JsonAppend;
import tools.jackson.databind.json.JsonMapper;

/** Directory entries as the values of {@code identity-directory}: JSON with the format's number before all else. */
final class EntryCodec {

    /** The format this broker writes, and the newest it reads. */
    static final int FORMAT = 1;

    private static final String FORMAT_FIELD = "format";

    @JsonAppend(prepend = true, attrs = @JsonAppend.Attr(value = FORMAT_FIELD, required = true))
    private interface WithFormat {}

    private record Format(@Nullable Integer format) {}

    private static final JsonMapper MAPPER = Json.MAPPER
            .rebuild()
            .addMixIn(DirectoryEntry.class, WithFormat.class)
            .build();
    private static final ObjectWriter WRITER =
            MAPPER.writerFor(DirectoryEntry.class).withAttribute(FORMAT_FIELD, FORMAT);
    private static final ObjectReader ENTRIES = Json.MAPPER.readerFor(DirectoryEntry.class);
    private static final ObjectReader FORMATS = Json.MAPPER.readerFor(Format.class);

    private EntryCodec() {}

    static byte[] encode(DirectoryEntry entry) {
        return WRITER.writeValueAsBytes(entry);
    }

    /** Never throws. */
    static Decoded decode(byte[] value) {
        try {
            Format format = FORMATS.readValue(value);
            if (format == null || format.format() == null) {
                return new Decoded.Unreadable("has no " + FORMAT_FIELD);
            }
            if (format.format() > FORMAT) {
                return new Decoded.FromTheFuture(format.format());
            }
            return complete(ENTRIES.readValue(value));
        } catch (JacksonException e) {
            return new Decoded.Unreadable("is no entry: " + e.getOriginalMessage());
        } catch (RuntimeException e) {
            return new Decoded.Unreadable("is no entry: " + e.getMessage());
        }
    }

    @SuppressWarnings("NullAway") // what JSON leaves out is null whatever the record says
    private static Decoded complete(DirectoryEntry entry) {
        boolean complete = Objects.nonNull(entry.userId())
                && Objects.nonNull(entry.standing())
                && Objects.nonNull(entry.announced())
                && Objects.nonNull(entry.lastVerdict())
                && Objects.nonNull(entry.updatedOn());
        return complete ? new Decoded.Entry(entry) : new Decoded.Unreadable("lacks a field every entry has");
    }
}
