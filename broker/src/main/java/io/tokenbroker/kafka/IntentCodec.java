package io.tokenbroker.kafka;

import io.tokenbroker.directory.CreateIntent;
import java.util.Optional;
import tools.jackson.databind.ObjectReader;
import tools.jackson.databind.ObjectWriter;

/** Create intents as the values of {@code create-intents}. */
final class IntentCodec {

    private static final ObjectWriter WRITER = Json.MAPPER.writerFor(CreateIntent.class);
    private static final ObjectReader READER = Json.MAPPER.readerFor(CreateIntent.class);

    private IntentCodec() {}

    static byte[] encode(CreateIntent intent) {
        return WRITER.writeValueAsBytes(intent);
    }

    /** Empty for anything that is not an intent; never throws. */
    @SuppressWarnings("NullAway") // what JSON leaves out is null whatever the record says
    static Optional<CreateIntent> decode(byte[] value) {
        try {
            CreateIntent intent = READER.readValue(value);
            return intent == null || intent.userId() == null ? Optional.empty() : Optional.of(intent);
        } catch (RuntimeException e) {
            return Optional.empty();
        }
    }
}
