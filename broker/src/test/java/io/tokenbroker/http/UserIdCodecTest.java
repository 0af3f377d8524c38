package io.tokenbroker.http;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import io.tokenbroker.directory.UserId;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

class UserIdCodecTest {

    private static final UserId SELF = new UserId("caller");

    static Stream<String> ids() {
        return Stream.of(
                "alice",
                "a/b",
                "a\\b",
                "a;b",
                "100%",
                "~alice",
                ".",
                "..",
                "...",
                "me",
                "a:b@c",
                "a b",
                "a+b",
                "ünï",
                "👩‍🚀".replace("\u200d", ""),
                "日本",
                "x".repeat(256),
                "🚀".repeat(256));
    }

    @ParameterizedTest
    @MethodSource("ids")
    void whatIsWrittenIsReadAgain(String id) {
        String segment = UserIdCodec.toSegment(new UserId(id));

        assertThat(segment).matches("[\\x21-\\x7e&&[^/;?#\\\\]]+");
        assertThat(UserIdCodec.fromSegment(segment, SELF)).isEqualTo(new UserId(id));
    }

    @Test
    void meIsTheCallerHoweverItIsEncoded() {
        assertThat(UserIdCodec.fromSegment("me", SELF)).isEqualTo(SELF);
        assertThat(UserIdCodec.fromSegment("%6De", SELF)).isEqualTo(SELF);
    }

    @ParameterizedTest
    @ValueSource(strings = {"a%2Fb", "a%5Cb", "a%3Bb", "a;b", "100%25", ".", "%2E%2E"})
    void idsThatAreEasilyMangledMustUseTheSecondForm(String segment) {
        assertThatExceptionOfType(Problem.class)
                .isThrownBy(() -> UserIdCodec.fromSegment(segment, SELF))
                .satisfies(problem -> assertThat(problem.detail()).contains("base64url"));
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "%", "%2", "%zz", "%C3", "%00", "%0A", "%E2%80%A8", "~", "~!!", "~gA", "~AA"})
    void whatIsNoIdIsRefused(String segment) {
        assertThatExceptionOfType(Problem.class)
                .isThrownBy(() -> UserIdCodec.fromSegment(segment, SELF))
                .satisfies(problem -> assertThat(problem.type()).isEqualTo(ProblemType.INVALID_USER_ID));
    }

    @Test
    void anIdOf257CodePointsIsRefused() {
        assertThatExceptionOfType(Problem.class)
                .isThrownBy(() -> UserIdCodec.fromSegment("x".repeat(257), SELF))
                .satisfies(problem -> assertThat(problem.detail()).contains("1 to 256"));
    }

    @Test
    void aQueryParameterMayHoldAnyIdAsItIs() {
        assertThat(UserIdCodec.fromParameter("a/b;c%", SELF).value()).isEqualTo("a/b;c%");
        assertThat(UserIdCodec.fromParameter("~bWU", SELF).value()).isEqualTo("me");
        assertThat(UserIdCodec.fromParameter("me", SELF)).isEqualTo(SELF);
    }
}
