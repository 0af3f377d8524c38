package io.tokenbroker.kafka;

import static java.time.temporal.ChronoUnit.MICROS;
import static java.time.temporal.ChronoUnit.MILLIS;
import static java.time.temporal.ChronoUnit.MINUTES;
import static java.time.temporal.ChronoUnit.NANOS;
import static java.time.temporal.ChronoUnit.SECONDS;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import java.time.DateTimeException;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class TimestampsTest {

    @Test
    void whatAnInstantWritesIsReadAsThatInstant() {
        Arbitrary any = Arbitrary.seeded();
        for (int i = 0; i < 5_000; i++) {
            Instant exact = any.instant();
            for (ChronoUnit unit : List.of(NANOS, MICROS, MILLIS, SECONDS, MINUTES)) {
                Instant instant = exact.truncatedTo(unit);

                assertThat(Timestamps.parse(instant.toString())).isEqualTo(instant);
            }
        }
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "2026-11-20T09:00:00.1Z",
                "2026-11-20T09:00:00.Z",
                "2026-11-20T24:00:00Z",
                "2026-12-31T23:59:60Z",
                "2026-11-20T09:00:00+01:00",
                "+12026-11-20T09:00:00Z",
                "-0001-11-20T09:00:00Z"
            })
    void whateverElseIsAnInstantIsReadAsTheJdkReadsIt(String text) {
        assertThat(Timestamps.parse(text)).isEqualTo(Instant.parse(text));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "Z",
                "2026-11-20",
                "2026-13-20T09:00:00Z",
                "2026-02-29T09:00:00Z",
                "2026-11-20T09:60:00Z",
                "2026-11-20T09:00Z",
                "2026-11-20T09:00:00.1234567890Z",
                "2026-11-20T09:00:00.12345678",
                "2026-11-20t09:00:0xZ"
            })
    void nothingElseIsOne(String text) {
        assertThatExceptionOfType(DateTimeException.class).isThrownBy(() -> Timestamps.parse(text));
    }
}
