package io.tokenbroker.bench.harness;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import java.util.Map;
import org.junit.jupiter.api.Test;

class OptionsTest {

    private static final Map<String, String> DEFAULTS = Map.of("events", "20000", "levels", "100,500", "jar", "absent");

    private static Options parse(String... arguments) {
        return Options.parse(arguments, DEFAULTS);
    }

    @Test
    void anOptionThatIsNotGivenHasItsDefault() {
        assertThat(parse().number("events")).isEqualTo(20_000);
        assertThat(parse("--levels=1, 2").numbers("levels")).containsExactly(1, 2);
    }

    @Test
    void anOptionThereIsNotIsRefusedByName() {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> parse("--event=1"))
                .withMessageContaining("--event=1")
                .withMessageContaining("--events=20000");
    }

    @Test
    void aNumberThatIsNoneIsRefusedWithItsName() {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> parse("--events=-1").number("events"))
                .withMessageContaining("--events is -1");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> parse("--levels=100,many").numbers("levels"))
                .withMessageContaining("--levels is many");
    }

    @Test
    void aFileThatIsNotThereIsRefused() {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> parse().file("jar"))
                .withMessageContaining("--jar is absent");
    }
}
