package io.tokenbroker.http;

import static org.assertj.core.api.Assertions.assertThat;

import io.tokenbroker.directory.UserId;
import org.junit.jupiter.api.Test;

class LogSafeTest {

    @Test
    void anIdCannotPassForAnotherFieldOfTheLine() {
        assertThat(LogSafe.quoted(new UserId("x\" role=\"admin"))).isEqualTo("\"x\\\" role=\\\"admin\"");
        assertThat(LogSafe.quoted(new UserId("ends with \\"))).isEqualTo("\"ends with \\\\\"");
    }

    @Test
    void whatDoesNotPrintIsWrittenAsItsNumber() {
        assertThat(LogSafe.escaped("a\nb\u202ec\u2028\ud800")).isEqualTo("a\\u000Ab\\u202Ec\\u2028\\uD800");
        assertThat(LogSafe.escaped("日本 🚀")).isEqualTo("日本 🚀");
    }
}
