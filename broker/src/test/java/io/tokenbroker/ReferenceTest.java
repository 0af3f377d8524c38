package io.tokenbroker;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import io.tokenbroker.events.EventType;
import io.tokenbroker.events.EventTypes;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.lang.reflect.Field;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;
import java.lang.reflect.Modifier;
import java.lang.reflect.RecordComponent;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collection;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.Properties;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.regex.MatchResult;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.BindException;
import org.springframework.boot.context.properties.bind.Bindable;
import org.springframework.boot.context.properties.bind.Binder;
import org.springframework.boot.context.properties.source.ConfigurationPropertySources;
import org.springframework.boot.convert.DurationStyle;
import org.springframework.context.annotation.ClassPathScanningCandidateComponentProvider;
import org.springframework.core.env.MapPropertySource;
import org.springframework.core.env.StandardEnvironment;
import org.springframework.core.env.SystemEnvironmentPropertySource;
import org.springframework.core.type.filter.AnnotationTypeFilter;
import org.springframework.util.ClassUtils;
import org.yaml.snakeyaml.Yaml;

/** Holds the reference page, and the README's settings, against the code. */
class ReferenceTest {

    private static final Path ROOT = Path.of("..").toAbsolutePath().normalize();
    private static final String PAGE = read(ROOT.resolve("src/docs/reference.md"));
    private static final String NOTHING = "none";
    private static final List<Class<?>> SETTINGS = settingsRecords();

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
        Binder binder = fromEnvironment(environment);

        List<String> shown = SETTINGS.stream()
                .map(type -> String.valueOf(binder.bindOrCreate(prefix(type), Bindable.of(type))))
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
    void everyEventTypeHasItsLineAndEveryLineItsType() {
        String section = section(PAGE, "Event types");

        assertThat(firstColumn(table(section, "input"))).containsExactlyElementsOf(names(EventTypes.inputs()));
        assertThat(firstColumn(table(section, "outcome")))
                .containsExactlyInAnyOrderElementsOf(names(EventTypes.outcomes()));
    }

    @Test
    void everyOperationHasItsLineWithItsRoles() {
        Map<String, Set<String>> documented = new TreeMap<>();
        table(section(PAGE, "HTTP"), "call")
                .forEach(row -> documented.put(row.get(0), new TreeSet<>(codes(row.get(1)))));

        assertThat(documented).isEqualTo(operations());
        assertThat(documented.keySet()).isEqualTo(callsOfOpenApi());
    }

    @Test
    void everyProblemTypeHasItsLineAndStatus() {
        Map<String, String> documented = new TreeMap<>();
        table(section(PAGE, "Problem types"), "type").forEach(row -> documented.put(row.get(0), row.get(1)));

        Map<String, String> actual = new TreeMap<>();
        for (Object type : constants("io.tokenbroker.http.ProblemType")) {
            String uri = String.valueOf(call(type, "uri"));
            String status = String.valueOf(call(type, "status")).substring(0, 3);
            actual.put(uri.substring(uri.lastIndexOf(':') + 1), status);
        }
        assertThat(documented).isEqualTo(actual);
    }

    @Test
    void everyMeterHasItsLineAndEveryLineItsMeter() {
        Set<String> actual = new TreeSet<>();
        Pattern name = Pattern.compile("\"(tokenbroker(?:\\.[a-z]+)+)\"");
        sources()
                .filter(source -> source.contains("import io.micrometer."))
                .flatMap(source -> name.matcher(source).results())
                .forEach(found -> actual.add(found.group(1)));

        assertThat(firstColumn(table(section(PAGE, "Metrics"), "metric"))).containsExactlyInAnyOrderElementsOf(actual);
    }

    @Test
    void everyHealthComponentHasItsLine() {
        Pattern bean = Pattern.compile("HealthIndicator (\\w+)HealthIndicator\\(");
        Set<String> actual = sources()
                .flatMap(source -> bean.matcher(source).results())
                .map(found -> found.group(1).replaceFirst("^acs.*", "acs"))
                .collect(Collectors.toCollection(TreeSet::new));

        assertThat(firstColumn(table(section(PAGE, "Health"), "component")))
                .containsExactlyInAnyOrderElementsOf(actual);
    }

    @Test
    void everyDeadLetterHeaderHasItsLine() {
        List<String> actual = new ArrayList<>();
        for (Field field : type("io.tokenbroker.kafka.DeadLetterCodec").getDeclaredFields()) {
            if (Modifier.isStatic(field.getModifiers()) && field.getType() == String.class) {
                actual.add(constant(field));
            }
        }
        actual.removeIf(header -> !header.startsWith("tokenbroker-dead-letter-") || header.endsWith("-"));

        assertThat(firstColumn(table(section(PAGE, "Dead-letter headers"), "header")))
                .containsExactlyInAnyOrderElementsOf(actual);
    }

    @Test
    void everyTopicHasItsLine() {
        Map<String, String> defaults = new TreeMap<>();
        actualDefaults().forEach((setting, value) -> {
            if (setting.startsWith("tokenbroker.topics.") && value instanceof String name) {
                defaults.put(setting, name);
            }
        });

        assertThat(firstColumn(table(section(PAGE, "Topics"), "topic")))
                .containsExactlyInAnyOrderElementsOf(defaults.values());
    }

    // ---- settings

    private record Line(String setting, String given, String bounds) {}

    private static List<Line> lines(String page) {
        String section = section(page, "Settings");
        List<Line> lines = new ArrayList<>();
        for (List<String> row : rows(section)) {
            if (row.getFirst().startsWith("tokenbroker.")) {
                lines.add(new Line(row.get(0), plain(row.get(1)), row.get(2)));
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
        Map<String, Object> examples = examples();
        Binder binder = from(examples);
        for (Class<?> type : SETTINGS) {
            Object bound = binder.bindOrCreate(prefix(type), Bindable.of(type));
            collect(prefix(type), (Record) bound, found);
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
        Map<String, Object> settings = new HashMap<>(examples());
        settings.put(line.setting().replace("[]", "[0]"), value);
        if (accepts(settings) != taken) {
            problems.add(line.setting() + (taken ? " refuses " : " takes ") + value);
        }
    }

    private static boolean accepts(Map<String, Object> settings) {
        Binder binder = from(settings);
        try {
            for (Class<?> type : SETTINGS) {
                Object bound = binder.bindOrCreate(prefix(type), Bindable.of(type));
                for (Method method : type.getDeclaredMethods()) {
                    if (method.getName().equals("checked")) {
                        call(bound, "checked");
                    }
                }
            }
            return true;
        } catch (BindException | IllegalArgumentException refused) {
            return false;
        }
    }

    /** The least an element of each list needs, and what the start asks for. */
    private static Map<String, Object> examples() {
        Properties properties = new Properties();
        try (InputStream file =
                Objects.requireNonNull(ReferenceTest.class.getResourceAsStream("reference.properties"))) {
            properties.load(file);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        Map<String, Object> examples = new HashMap<>();
        properties.forEach((name, value) -> examples.put(name.toString(), value));
        return examples;
    }

    private static List<Class<?>> settingsRecords() {
        var scanner = new ClassPathScanningCandidateComponentProvider(false);
        scanner.addIncludeFilter(new AnnotationTypeFilter(ConfigurationProperties.class));
        List<Class<?>> found = scanner.findCandidateComponents("io.tokenbroker").stream()
                .map(definition -> type(String.valueOf(definition.getBeanClassName())))
                .sorted((one, other) -> one.getName().compareTo(other.getName()))
                .<Class<?>>map(type -> type)
                .toList();
        assertThat(found).hasSizeGreaterThan(5).allMatch(Class::isRecord);
        return found;
    }

    private static String prefix(Class<?> type) {
        return Objects.requireNonNull(type.getAnnotation(ConfigurationProperties.class))
                .value();
    }

    private static Binder from(Map<String, Object> settings) {
        return binder(new StandardEnvironment(), "settings", new MapPropertySource("settings", settings));
    }

    private static Binder fromEnvironment(Map<String, Object> variables) {
        String name = StandardEnvironment.SYSTEM_ENVIRONMENT_PROPERTY_SOURCE_NAME;
        return binder(new StandardEnvironment(), name, new SystemEnvironmentPropertySource(name, variables));
    }

    private static Binder binder(StandardEnvironment environment, String name, MapPropertySource source) {
        environment
                .getPropertySources()
                .forEach(other -> environment.getPropertySources().remove(other.getName()));
        environment.getPropertySources().addFirst(source);
        assertThat(environment.getPropertySources().contains(name)).isTrue();
        return new Binder(ConfigurationPropertySources.get(environment));
    }

    private static Map<String, Object> exports(String readme) {
        Map<String, Object> variables = new LinkedHashMap<>();
        Pattern export = Pattern.compile("(?m)^export (TOKENBROKER_\\w+)='?(.*?)'?$");
        export.matcher(readme).results().forEach(found -> variables.put(found.group(1), found.group(2)));
        return variables;
    }

    // ---- HTTP

    private static Map<String, Set<String>> operations() {
        Map<String, Set<String>> found = new TreeMap<>();
        for (Object operation : constants("io.tokenbroker.http.Operation")) {
            Set<String> roles = new TreeSet<>();
            Collection<?> needed = (Collection<?>) call(call(operation, "access"), "roles");
            needed.forEach(role -> roles.add(String.valueOf(call(role, "claim"))));
            found.put(call(operation, "method") + " " + call(operation, "template"), roles);
        }
        return found;
    }

    private static Set<String> callsOfOpenApi() {
        Set<String> methods = Set.of("get", "put", "post", "delete", "patch");
        Set<String> found = new TreeSet<>();
        Map<String, Map<String, Map<String, Object>>> document =
                new Yaml().load(resource("/io/tokenbroker/http/openapi.yaml"));
        Objects.requireNonNull(document.get("paths"))
                .forEach((path, item) -> item.keySet().stream()
                        .filter(methods::contains)
                        .forEach(method -> found.add(method.toUpperCase(Locale.ROOT) + " " + path)));
        return found;
    }

    // ---- Markdown

    private static String section(String page, String heading) {
        Matcher matcher = Pattern.compile("(?ms)^## " + Pattern.quote(heading) + "$(.*?)(?=^## |\\z)")
                .matcher(page);
        assertThat(matcher.find()).as("section " + heading).isTrue();
        return Objects.requireNonNull(matcher.group(1));
    }

    /** The rows of the table whose first heading is that. */
    private static List<List<String>> table(String section, String heading) {
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

    private static List<List<String>> rows(String text) {
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

    private static List<String> firstColumn(List<List<String>> rows) {
        return rows.stream().map(List::getFirst).toList();
    }

    private static String plain(String cell) {
        return cell.replace("`", "");
    }

    private static List<String> codes(String cell) {
        return Pattern.compile("`([^`]*)`")
                .matcher(cell)
                .results()
                .map(found -> found.group(1))
                .toList();
    }

    // ---- the code

    private static List<String> names(List<EventType> types) {
        return types.stream().map(EventType::name).toList();
    }

    private static Stream<String> sources() {
        try (Stream<Path> files = Files.walk(Path.of("src/main/java"))) {
            return files.filter(file -> file.toString().endsWith(".java")).map(ReferenceTest::read).toList().stream();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static String kebab(String name) {
        return Pattern.compile("[A-Z]").matcher(name).replaceAll(ReferenceTest::dashed);
    }

    private static String dashed(MatchResult letter) {
        return "-" + letter.group().toLowerCase(Locale.ROOT);
    }

    private static @Nullable Object value(RecordComponent component, Record owner) {
        return invoke(component.getAccessor(), owner);
    }

    private static Object call(Object owner, String method) {
        try {
            return Objects.requireNonNull(invoke(owner.getClass().getDeclaredMethod(method), owner));
        } catch (NoSuchMethodException e) {
            throw new IllegalStateException(e);
        }
    }

    private static @Nullable Object invoke(Method method, Object owner) {
        try {
            method.setAccessible(true);
            return method.invoke(owner);
        } catch (InvocationTargetException e) {
            if (e.getCause() instanceof IllegalArgumentException refused) {
                throw refused;
            }
            throw new IllegalStateException(e);
        } catch (IllegalAccessException e) {
            throw new IllegalStateException(e);
        }
    }

    private static String constant(Field field) {
        try {
            field.setAccessible(true);
            return String.valueOf(field.get(null));
        } catch (IllegalAccessException e) {
            throw new IllegalStateException(e);
        }
    }

    private static List<Object> constants(String type) {
        return List.of(Objects.requireNonNull(type(type).getEnumConstants()));
    }

    private static Class<?> type(String name) {
        return ClassUtils.resolveClassName(name, null);
    }

    private static String resource(String path) {
        try (InputStream found = Objects.requireNonNull(ReferenceTest.class.getResourceAsStream(path))) {
            return new String(found.readAllBytes(), UTF_8);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
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
