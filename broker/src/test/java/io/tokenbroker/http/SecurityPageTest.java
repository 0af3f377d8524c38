package io.tokenbroker.http;

import static java.util.stream.Collectors.joining;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** Holds the matrix of {@code security.md} against {@link Operation}. */
class SecurityPageTest {

    private static final Path PAGE = Path.of("../src/docs/security.md");

    @Test
    void theMatrixOfThePageIsTheCodes() throws IOException {
        String shown = Files.readString(PAGE)
                .lines()
                .dropWhile(line -> !line.startsWith("| call | without a role |"))
                .takeWhile(line -> line.startsWith("|"))
                .collect(joining("\n"));

        assertThat(shown).isEqualTo(matrix());
    }

    private static String matrix() {
        String heading = roles().map(role -> " `" + role.claim() + "` |").collect(joining());
        String rule = roles().map(role -> ":-:|").collect(joining());
        Stream<String> operations = Arrays.stream(Operation.values())
                .map(operation -> row(
                        "`" + operation.method() + " " + operation.template().text() + "`", operation.access()));
        Stream<String> finer = Stream.of(
                row("an event with `data.identityId`, besides", Operation.ADOPT_IDENTITY),
                row("`GET /actuator/…` but for health, from elsewhere", Operation.READ_ACTUATOR));
        return Stream.of(Stream.of("| call | without a role |" + heading, "|---|---|" + rule), operations, finer)
                .flatMap(rows -> rows)
                .collect(joining("\n"));
    }

    private static String row(String call, Access access) {
        String own = switch (access.own()) {
            case NOTHING -> "";
            case PATH_USER -> "the caller's own";
            case RESTRICTED -> access.roles().isEmpty() ? "every caller" : "the caller's own";
            case PUBLIC -> "everybody, without a JWT";
        };
        String open = roles().map(role -> access.roles().contains(role) ? " ✓ |" : " |")
                .collect(joining());
        return "| " + call + " |" + (own.isEmpty() ? "" : " " + own) + " |" + open;
    }

    private static Stream<Role> roles() {
        return Arrays.stream(Role.values());
    }
}
