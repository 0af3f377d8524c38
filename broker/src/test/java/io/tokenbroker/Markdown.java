package io.tokenbroker;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/** What the pages' tables say. */
final class Markdown {

    private Markdown() {}

    static String section(String page, String heading) {
        Matcher matcher = Pattern.compile("(?ms)^## " + Pattern.quote(heading) + "$(.*?)(?=^## |\\z)")
                .matcher(page);
        assertThat(matcher.find()).as("section " + heading).isTrue();
        return Objects.requireNonNull(matcher.group(1));
    }

    /** The rows of the table whose first heading is that. */
    static List<List<String>> table(String section, String heading) {
        List<List<String>> found = new ArrayList<>();
        boolean inside = false;
        for (String line : section.lines().toList()) {
            if (line.startsWith("| " + heading + " |")) {
                inside = true;
            } else if (!line.startsWith("|")) {
                inside = false;
            } else if (inside && !line.startsWith("|---")) {
                found.addAll(rows(line));
            }
        }
        assertThat(found).as("table " + heading).isNotEmpty();
        return found;
    }

    static List<List<String>> rows(String text) {
        return text.lines()
                .filter(line -> line.startsWith("| "))
                .map(line -> Arrays.stream(line.substring(1).split("\\|", -1))
                        .map(String::strip)
                        .toList())
                .map(cells -> Stream.concat(
                                Stream.of(plain(cells.getFirst())),
                                cells.stream().skip(1))
                        .toList())
                .toList();
    }

    static List<String> firstColumn(List<List<String>> rows) {
        return rows.stream().map(List::getFirst).toList();
    }

    static String plain(String cell) {
        return cell.replace("`", "");
    }

    static List<String> codes(String cell) {
        return Pattern.compile("`([^`]*)`")
                .matcher(cell)
                .results()
                .map(found -> found.group(1))
                .toList();
    }
}
