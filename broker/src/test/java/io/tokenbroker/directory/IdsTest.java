package io.tokenbroker.directory;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class IdsTest {

    @ParameterizedTest
    @ValueSource(strings = {"a", " ", "a b", "Ünïcödé", "中文", "😀", "~", "me", "a/b\\c;d%", "e\u0301", "\uE000"})
    void anOpaqueUserIdIsAllowed(String value) {
        assertThat(new UserId(value).value()).isEqualTo(value);
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "a\nb", "\u0000", "\u007f", "\u200b", "\u202e", "\ufeff", "\u2028", "\u2029", "\ud83d"})
    void aUserIdThatCouldDeceiveIsRefused(String value) {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> new UserId(value))
                .withMessageContaining("allowed: " + UserId.ALLOWED);
    }

    @Test
    void codePointsAreCountedAndNotCharacters() {
        assertThatCode(() -> new UserId("😀".repeat(256))).doesNotThrowAnyException();
        assertThat(UserId.problemWith("😀".repeat(257))).contains("has 257 code points");
    }

    @Test
    void theProblemNamesTheCharacter() {
        assertThat(UserId.problemWith("a\u202eb")).contains("contains U+202E");
    }

    @Test
    void userIdsAreOrderedByTheirUtf8Bytes() {
        List<UserId> sorted = List.of("😀", "\uE000", "b", "é", "Z", "a").stream()
                .map(UserId::new)
                .sorted()
                .toList();

        assertThat(sorted).extracting(UserId::value).containsExactly("Z", "a", "b", "é", "\uE000", "😀");
    }

    @Test
    void composedAndDecomposedAreTwoUsers() {
        assertThat(new UserId("\u00e9")).isNotEqualTo(new UserId("e\u0301"));
    }

    @Test
    void anIdentityTellsItsResource() {
        String resource = "ABCDEF01-2345-6789-abcd-ef0123456789";

        assertThat(new AcsIdentityId("8:acs:" + resource + "_00000000-0000-0000-0000-000000000001").resourceId())
                .isEqualTo("abcdef01-2345-6789-abcd-ef0123456789");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "8:acs:",
                "alice",
                "8:acs:abcdef01-2345-6789-abcd-ef0123456789",
                "8:orgid:abcdef01-2345-6789-abcd-ef0123456789_00000000-0000-0000-0000-000000000001",
                "8:acs:abcdef01-2345-6789-abcd-ef012345678_00000000-0000-0000-0000-000000000001",
                "8:acs:abcdef01-2345-6789-abcd-ef0123456789_00000000-0000-0000-0000-000000000001 ",
                "8:acs:abcdef01-2345-6789-abcd-ef0123456789_00000000-0000-0000-0000-000000000001\n"
            })
    void anythingElseIsNoIdentity(String value) {
        assertThat(AcsIdentityId.isWellFormed(value)).isFalse();
        assertThatIllegalArgumentException().isThrownBy(() -> new AcsIdentityId(value));
    }

    @Test
    void placesOfARecreatedTopicOrAnotherPartitionAreInNoOrder() {
        LogPosition ten = new LogPosition("t", 0, 10);

        assertThat(ten.isAtOrBefore(ten)).isTrue();
        assertThat(new LogPosition("t", 0, 9).isAtOrBefore(ten)).isTrue();
        assertThat(new LogPosition("t", 0, 11).isAtOrBefore(ten)).isFalse();
        assertThat(new LogPosition("u", 0, 9).isAtOrBefore(ten)).isFalse();
        assertThat(new LogPosition("t", 1, 9).isAtOrBefore(ten)).isFalse();
    }
}
