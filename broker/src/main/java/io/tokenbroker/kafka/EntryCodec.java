package io.tokenbroker.kafka;

import io.tokenbroker.directory.DirectoryEntry;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JacksonException;
import tools.jackson.core.JsonParser;
import tools.jackson.databind.ObjectReader;
import tools.jackson.databind.ObjectWriter;
import tools.jackson.databind.annotation.JsonAppend;
import tools.jackson.databind.json.JsonMapper;

/** Directory entries as the values of {@code identity-directory}: JSON with the format's number before all else. */
final class EntryCodec {

    /** The format this broker writes, and the newest it reads. */
    static final int FORMAT = 1;

    static final String FORMAT_FIELD = "format";

    @JsonAppend(prepend = true, attrs = @JsonAppend.Attr(value = FORMAT_FIELD, required = true))
    private interface WithFormat {}

    private record Format(@Nullable Integer format) {}

    private static final JsonMapper MAPPER = Json.MAPPER
            .rebuild()
            .addMixIn(DirectoryEntry.class, WithFormat.class)
            .build();
    private static final ObjectWriter WRITER =
            MAPPER.writerFor(DirectoryEntry.class).withAttribute(FORMAT_FIELD, FORMAT);

    private static final ObjectReader FORMATS = MAPPER.readerFor(Format.class);

    private EntryCodec() {}

    static byte[] encode(DirectoryEntry entry) {
        return WRITER.writeValueAsBytes(entry);
    }

    /** Never throws. */
    static Decoded decode(byte[] value) {
        try {
            return new Decoded.Entry(entry(value));
        } catch (JacksonException e) {
            return whyNot(value, e.getOriginalMessage());
        } catch (RuntimeException e) {
            return whyNot(value, e.getMessage());
        }
    }

    private static DirectoryEntry entry(byte[] value) {
        try (JsonParser json = MAPPER.createParser(value)) {
            json.nextToken();
            DirectoryEntry entry = new EntryReader(json).entry(FORMAT);
            if (json.nextToken() != null) {
                throw new IllegalArgumentException("more follows");
            }
            return entry;
        }
    }

    /** What is of a newer format may well look broken. */
    private static Decoded whyNot(byte[] value, @Nullable String problem) {
        try {
            Format format = FORMATS.readValue(value);
            if (format == null || format.format() == null) {
                return new Decoded.Unreadable("has no " + FORMAT_FIELD);
            }
            return format.format() > FORMAT
                    ? new Decoded.FromTheFuture(format.format())
                    : new Decoded.Unreadable("is no entry: " + problem);
        } catch (JacksonException e) {
            return new Decoded.Unreadable("is no entry: " + e.getOriginalMessage());
        }
    }
}
