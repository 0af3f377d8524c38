package io.tokenbroker.local;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;

class PatienceTest {
    private final List<String> notes = new ArrayList<>();

    @Test
    void waits_until_there_is_something() {
        AtomicInteger attempts = new AtomicInteger();
        Patience patience = new Patience(Duration.ofMinutes(1), notes::add);

        int result = patience.until(
                "the third attempt",
                () -> attempts.incrementAndGet() < 3 ? Optional.empty() : Optional.of(attempts.get()));

        assertThat(result).isEqualTo(3);
        assertThat(notes).isEmpty();
    }

    @Test
    void gives_up_naming_what_did_not_come() {
        Patience patience = new Patience(Duration.ofMillis(1), notes::add);

        assertThatThrownBy(() -> patience.until("kafka (start it)", Optional::empty))
                .isInstanceOf(StartFailure.class)
                .hasMessageContaining("waiting for kafka (start it)");
    }
}
