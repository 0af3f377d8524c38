package io.tokenbroker.kafka;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import io.tokenbroker.directory.CreateIntent;
import org.junit.jupiter.api.Test;

class IntentCodecTest {

    private final Arbitrary any = Arbitrary.seeded();

    @Test
    void everyIntentComesBackAsItWasWritten() {
        for (int i = 0; i < 2_000; i++) {
            CreateIntent intent = any.intent();

            assertThat(IntentCodec.decode(IntentCodec.encode(intent))).contains(intent);
        }
    }

    @Test
    void anythingElseIsNoIntent() {
        assertThat(IntentCodec.decode("null".getBytes(UTF_8))).isEmpty();
        assertThat(IntentCodec.decode("{}".getBytes(UTF_8))).isEmpty();
        assertThat(IntentCodec.decode("{\"userId\":7}".getBytes(UTF_8))).isEmpty();
        for (int i = 0; i < 1_000; i++) {
            assertThat(IntentCodec.decode(any.bytes(60))).isEmpty();
        }
    }
}
