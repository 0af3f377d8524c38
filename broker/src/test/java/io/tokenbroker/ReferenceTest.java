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
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.springframework.util.ClassUtils;
import org.yaml.snakeyaml.Yaml;

/** Holds the reference page against the code; its settings are held by {@link SettingsReferenceTest}. */
class ReferenceTest {

    private static final Path ROOT = Path.of("..").toAbsolutePath().normalize();
    private static final String PAGE = read(ROOT.resolve("src/docs/reference.md"));

    @Test
    void everyEventTypeHasItsLineAndEveryLineItsType() {
        String section = Markdown.section(PAGE, "Event types");

        assertThat(Markdown.firstColumn(Markdown.table(section, "input")))
                .containsExactlyElementsOf(names(EventTypes.inputs()));
        assertThat(Markdown.firstColumn(Markdown.table(section, "outcome")))
                .containsExactlyInAnyOrderElementsOf(names(EventTypes.outcomes()));
    }

    @Test
    void everyOperationHasItsLineWithItsRoles() {
        Map<String, Set<String>> documented = new TreeMap<>();
        Markdown.table(Markdown.section(PAGE, "HTTP"), "call")
                .forEach(row -> documented.put(row.get(0), new TreeSet<>(Markdown.codes(row.get(1)))));

        assertThat(documented).isEqualTo(operations());
        assertThat(documented.keySet()).isEqualTo(callsOfOpenApi());
    }

    @Test
    void everyProblemTypeHasItsLineAndStatus() {
        Map<String, String> documented = new TreeMap<>();
        Markdown.table(Markdown.section(PAGE, "Problem types"), "type")
                .forEach(row -> documented.put(row.get(0), row.get(1)));

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

        assertThat(Markdown.firstColumn(Markdown.table(Markdown.section(PAGE, "Metrics"), "metric")))
                .containsExactlyInAnyOrderElementsOf(actual);
    }

    @Test
    void everyHealthComponentHasItsLine() {
        Pattern bean = Pattern.compile("HealthIndicator (\\w+)HealthIndicator\\(");
        Set<String> actual = sources()
                .flatMap(source -> bean.matcher(source).results())
                .map(found -> found.group(1).replaceFirst("^acs.*", "acs"))
                .collect(Collectors.toCollection(TreeSet::new));

        assertThat(Markdown.firstColumn(Markdown.table(Markdown.section(PAGE, "Health"), "component")))
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

        assertThat(Markdown.firstColumn(Markdown.table(Markdown.section(PAGE, "Dead-letter headers"), "header")))
                .containsExactlyInAnyOrderElementsOf(actual);
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
