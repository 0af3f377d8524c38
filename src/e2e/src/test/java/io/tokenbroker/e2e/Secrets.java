package io.tokenbroker.e2e;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/** What no process may print: tokens, whole, and keys. */
final class Secrets {

    /** Three parts, of which the first is a JSON object in base64url. The quickstart shows the beginning of one alone. */
    private static final Pattern JWT = Pattern.compile("eyJ[\\w-]{8,}\\.[\\w-]{8,}\\.[\\w-]{8,}");

    private Secrets() {}

    /** @param keys that may not be there either */
    static void requireNoneIn(Path file, String... keys) {
        List<String> places = placesIn(file, keys);
        if (!places.isEmpty()) {
            throw new AssertionError("a token or a key was printed: " + places);
        }
    }

    /** Where they are, and not what they are. */
    static List<String> placesIn(Path file, String... keys) {
        List<String> places = new ArrayList<>();
        if (!Files.exists(file)) {
            return places;
        }
        // not every byte that is printed is UTF-8, and what is looked for is ASCII
        try (Stream<String> lines = Files.lines(file, StandardCharsets.ISO_8859_1)) {
            int[] number = {0};
            lines.forEach(line -> {
                number[0]++;
                if (JWT.matcher(line).find() || Stream.of(keys).anyMatch(line::contains)) {
                    places.add(file + ":" + number[0]);
                }
            });
            return places;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
