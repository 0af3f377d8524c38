package io.tokenbroker.intake;

import static io.tokenbroker.intake.Events.NINE;
import static org.assertj.core.api.Assertions.assertThat;

import io.cloudevents.core.builder.CloudEventBuilder;
import io.tokenbroker.events.ReconcileRequested;
import io.tokenbroker.events.UserCreated;
import io.tokenbroker.events.UserDeleted;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;

class GarbageTest {

    private static final List<String> TYPES = List.of(
            UserCreated.TYPE, UserDeleted.TYPE, ReconcileRequested.TYPE, "joiner", "other", "", "tokenbroker.x");
    private static final List<String> PIECES = List.of(
            "{",
            "}",
            "[",
            "]",
            ":",
            ",",
            "\"",
            "\"userId\"",
            "\"scopes\"",
            "\"chat\"",
            "\"expiresInMinutes\"",
            "60",
            "1e999",
            "-0",
            "\"\\ud800\"",
            "null",
            "true",
            "\"desired\"",
            "\"asOf\"",
            "\"time\"",
            "\"9999-99-99\"",
            "\uD800",
            "\u0000",
            "\"identityId\"",
            "\"user\"",
            "\"id\"",
            " ");

    @Test
    void whateverAnEventHoldsItIsReadOrRefusedAndNothingIsThrown() {
        long seed = Long.getLong("seed", System.nanoTime());
        System.out.println("seed: -Dseed=" + seed);
        Random random = new Random(seed);
        Intake intake = new Intake(List.of(new Alias("joiner", UserCreated.TYPE, "/data/user/id")));

        for (int i = 0; i < 50_000; i++) {
            Reading reading = intake.read(
                    garbage(random).build(),
                    new EventOrigin(NINE, random.nextBoolean() ? null : text(random), random.nextBoolean()));

            if (reading instanceof Reading.Invalid invalid) {
                assertThat(invalid.errors()).isNotEmpty();
                assertThat(StandardCharsets.UTF_8.newEncoder().canEncode(invalid.reason()))
                        .isTrue();
            }
        }
    }

    private static CloudEventBuilder garbage(Random random) {
        CloudEventBuilder event = CloudEventBuilder.v1()
                .withId(text(random))
                .withSource(URI.create("/" + random.nextInt()))
                .withType(TYPES.get(random.nextInt(TYPES.size())));
        if (random.nextBoolean()) {
            event.withSubject(text(random));
        }
        if (random.nextBoolean()) {
            event.withTime(Instant.ofEpochSecond(random.nextLong(-31_557_014_167_219_200L, 31_556_889_864_403_199L))
                    .atOffset(ZoneOffset.ofHours(random.nextInt(37) - 18)));
        }
        if (random.nextBoolean()) {
            event.withExtension("sequence", text(random)).withExtension("authid", random.nextInt());
        }
        switch (random.nextInt(4)) {
            case 0 -> event.withData(json(random));
            case 1 -> event.withData("application/json", json(random));
            case 2 -> event.withData(text(random), json(random));
            default -> {}
        }
        return event;
    }

    private static byte[] json(Random random) {
        if (random.nextInt(10) == 0) {
            return "[".repeat(random.nextInt(5_000)).getBytes(StandardCharsets.UTF_8);
        }
        StringBuilder json = new StringBuilder(random.nextBoolean() ? "{" : "");
        for (int i = random.nextInt(12); i > 0; i--) {
            json.append(PIECES.get(random.nextInt(PIECES.size())));
        }
        byte[] bytes = json.toString().getBytes(StandardCharsets.UTF_8);
        if (bytes.length > 0 && random.nextInt(3) == 0) {
            bytes[random.nextInt(bytes.length)] = (byte) random.nextInt();
        }
        return bytes;
    }

    private static String text(Random random) {
        StringBuilder text = new StringBuilder();
        for (int i = random.nextInt(4); i > 0; i--) {
            text.append((char) (random.nextBoolean() ? 'a' + random.nextInt(26) : random.nextInt(0x10000)));
        }
        return text.toString();
    }
}
