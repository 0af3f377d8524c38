package io.tokenbroker;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.reflect.RecordComponent;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import java.util.regex.MatchResult;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.springframework.boot.context.properties.bind.Bindable;
import org.springframework.boot.context.properties.bind.Binder;
import org.springframework.boot.convert.DurationStyle;

/** Holds the reference page's settings, the topics they name, and the README's environment against the code. */
class SettingsReferenceTest {

    private static final Path ROOT = Path.of("..").toAbsolutePath().normalize();
    private static final String PAGE = read(ROOT.resolve("src/docs/reference.md"));
    private static final String NOTHING = "none";

    @Test
    void everySettingHasItsLineAndEveryLineItsSetting() {
        assertThat(settingProblems(PAGE)).isEmpty();
    }

    @Test
    void aSettingWithoutALineIsFound() {
        String page = PAGE.replaceAll("(?m)^\\| `tokenbroker\\.pipeline\\.max-admitted`.*\\R", "");

        assertThat(settingProblems(page)).containsExactly("tokenbroker.pipeline.max-admitted has no line");
    }

    @Test
    void aLineWithoutASettingIsFound() {
        String page = PAGE.replace("`tokenbroker.pipeline.max-admitted`", "`tokenbroker.pipeline.max-taken`");

        assertThat(settingProblems(page))
                .containsExactly(
                        "tokenbroker.pipeline.max-admitted has no line",
                        "tokenbroker.pipeline.max-taken has a line, and is no setting");
    }

    @Test
    void aDefaultThatIsNotTheCodesIsFound() {
        String page = PAGE.replace("| `5000` | 100 to", "| `4000` | 100 to")
                .replace("default-lifetime` | `24h` |", "default-lifetime` | `23h` |");

        assertThat(settingProblems(page))
                .containsExactly(
                        "tokenbroker.pipeline.max-admitted is 5000 by default, not 4000",
                        "tokenbroker.tokens.default-lifetime is PT24H by default, not 23h");
    }

    @Test
    void everyBoundIsTheCodes() {
        assertThat(boundProblems(PAGE)).isEmpty();
    }

    @Test
    void aBoundThatIsNotTheCodesIsFound() {
        String page =
                PAGE.replace("| 100 to 1000000 |", "| 90 to 1000001 |").replace("| 1h to 87600h |", "| 2h to 1d |");

        assertThat(boundProblems(page))
                .containsExactly(
                        "tokenbroker.pipeline.max-admitted refuses 90",
                        "tokenbroker.pipeline.max-admitted refuses 1000001",
                        "tokenbroker.directory.deleted-retention takes 1h",
                        "tokenbroker.directory.deleted-retention takes 2d");
    }

    @Test
    void theReadmesEnvironmentBinds() {
        Map<String, Object> environment = exports(read(ROOT.resolve("README.md")));
        Binder binder = SettingsRecords.fromEnvironment(environment);

        List<String> shown = SettingsRecords.ALL.stream()
                .map(type -> String.valueOf(binder.bindOrCreate(SettingsRecords.prefix(type), Bindable.of(type))))
                .toList();

        String all = String.join("\n", shown);
        assertThat(environment).hasSizeGreaterThan(5);
        assertThat(all)
                .contains("kafka-2.example.com:9093")
                .contains("[sasl.jaas.config, sasl.mechanism, security.protocol]")
                .contains("replicationFactor=3")
                .contains("connectionString=hidden")
                .contains("userIdClaim=oid")
                .contains("audiences=[66666666-7777-8888-9999-000000000000]")
                .doesNotContain("secret")
                .doesNotContain("c2VjcmV0");
    }

    @Test
    void everyTopicHasItsLine() {
        Map<String, String> defaults = new TreeMap<>();
        actualDefaults().forEach((setting, value) -> {
            if (setting.startsWith("tokenbroker.topics.") && value instanceof String name) {
                defaults.put(setting, name);
            }
        });

        assertThat(Markdown.firstColumn(Markdown.table(Markdown.section(PAGE, "Topics"), "topic")))
                .containsExactlyInAnyOrderElementsOf(defaults.values());
    }

    private record Line(String setting, String given, String bounds) {}

    private static List<Line> lines(String page) {
        String section = Markdown.section(page, "Settings");
        List<Line> lines = new ArrayList<>();
        for (List<String> row : Markdown.rows(section)) {
            if (row.getFirst().startsWith("tokenbroker.")) {
                lines.add(new Line(row.get(0), Markdown.plain(row.get(1)), row.get(2)));
            }
        }
        return lines;
    }

    private static List<String> settingProblems(String page) {
        Map<String, @Nullable Object> actual = actualDefaults();
        Map<String, String> documented = new LinkedHashMap<>();
        List<String> problems = new ArrayList<>();
        for (Line line : lines(page)) {
            if (documented.put(line.setting(), line.given()) != null) {
                problems.add(line.setting() + " has two lines");
            }
        }
        actual.forEach((setting, value) -> {
            String given = documented.get(setting);
            if (given == null) {
                problems.add(setting + " has no line");
            } else if (!same(value, given)) {
                problems.add(setting + " is " + shown(value) + " by default, not " + given);
            }
        });
        documented.keySet().stream()
                .filter(setting -> !actual.containsKey(setting))
                .forEach(setting -> problems.add(setting + " has a line, and is no setting"));
        return problems;
    }

    private static boolean same(@Nullable Object value, String given) {
        if (value instanceof Duration duration) {
            return DurationStyle.detectAndParse(given).equals(duration);
        }
        return shown(value).equals(given);
    }

    private static String shown(@Nullable Object value) {
        return switch (value) {
            case null -> NOTHING;
            case String text -> text.isEmpty() ? NOTHING : text;
            case Enum<?> constant -> constant.name().toLowerCase(Locale.ROOT);
            case Collection<?> several ->
                several.isEmpty()
                        ? NOTHING
                        : several.stream().map(String::valueOf).collect(Collectors.joining(", "));
            default -> value.toString();
        };
    }

    /** Every setting with its value where nobody sets it. */
    private static Map<String, @Nullable Object> actualDefaults() {
        Map<String, @Nullable Object> found = new LinkedHashMap<>();
        Map<String, Object> examples = SettingsRecords.examples();
        Binder binder = SettingsRecords.from(examples);
        for (Class<?> type : SettingsRecords.ALL) {
            Object bound = binder.bindOrCreate(SettingsRecords.prefix(type), Bindable.of(type));
            collect(SettingsRecords.prefix(type), (Record) bound, found);
        }
        // what had to be given for an element of a list to exist has no default
        examples.keySet().stream()
                .map(name -> name.replaceAll("\\[0]$", "").replace("[0]", "[]"))
                .forEach(setting -> found.replace(setting, null));
        return found;
    }

    private static void collect(String prefix, Record bound, Map<String, @Nullable Object> found) {
        for (RecordComponent component : bound.getClass().getRecordComponents()) {
            String setting = prefix + "." + kebab(component.getName());
            Object value = value(component, bound);
            if (value instanceof Record nested) {
                collect(setting, nested, found);
            } else if (value instanceof List<?> list && !list.isEmpty() && list.getFirst() instanceof Record element) {
                collect(setting + "[]", element, found);
            } else if (Map.class.isAssignableFrom(component.getType())) {
                found.put(setting + ".*", null);
            } else {
                found.put(setting, value);
            }
        }
    }

    /** Every record of settings bound, or its own check run, with one setting at and past each bound. */
    private static List<String> boundProblems(String page) {
        Pattern range = Pattern.compile("(\\d+)([a-z]*) to (\\d+)([a-z]*)");
        Pattern least = Pattern.compile("at least (\\d+)");
        List<String> problems = new ArrayList<>();
        for (Line line : lines(page)) {
            Matcher both = range.matcher(line.bounds());
            Matcher one = least.matcher(line.bounds());
            if (both.matches()) {
                long from = Long.parseLong(both.group(1));
                long to = Long.parseLong(both.group(3));
                require(line, from + both.group(2), true, problems);
                require(line, to + both.group(4), true, problems);
                if (from > 0) {
                    require(line, (from - 1) + both.group(2), false, problems);
                }
                require(line, (to + 1) + both.group(4), false, problems);
            } else if (one.matches()) {
                require(line, one.group(1), true, problems);
                require(line, (Long.parseLong(one.group(1)) - 1) + "", false, problems);
            }
        }
        return problems;
    }

    private static void require(Line line, String value, boolean taken, List<String> problems) {
        Map<String, Object> settings = new HashMap<>(SettingsRecords.examples());
        settings.put(line.setting().replace("[]", "[0]"), value);
        if (SettingsRecords.accepts(settings) != taken) {
            problems.add(line.setting() + (taken ? " refuses " : " takes ") + value);
        }
    }

    private static Map<String, Object> exports(String readme) {
        Map<String, Object> variables = new LinkedHashMap<>();
        Pattern export = Pattern.compile("(?m)^export (TOKENBROKER_\\w+)='?(.*?)'?$");
        export.matcher(readme).results().forEach(found -> variables.put(found.group(1), found.group(2)));
        return variables;
    }

    private static String kebab(String name) {
        return Pattern.compile("[A-Z]").matcher(name).replaceAll(SettingsReferenceTest::dashed);
    }

    private static String dashed(MatchResult letter) {
        return "-" + letter.group().toLowerCase(Locale.ROOT);
    }

    private static @Nullable Object value(RecordComponent component, Record owner) {
        try {
            component.getAccessor().setAccessible(true);
            return component.getAccessor().invoke(owner);
        } catch (ReflectiveOperationException e) {
            throw new IllegalStateException(e);
        }
    }

    private static String read(Path file) {
        try {
            return Files.readString(file);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
