package io.tokenbroker;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Properties;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.BindException;
import org.springframework.boot.context.properties.bind.Bindable;
import org.springframework.boot.context.properties.bind.Binder;
import org.springframework.boot.context.properties.source.ConfigurationPropertySources;
import org.springframework.context.annotation.ClassPathScanningCandidateComponentProvider;
import org.springframework.core.env.MapPropertySource;
import org.springframework.core.env.StandardEnvironment;
import org.springframework.core.env.SystemEnvironmentPropertySource;
import org.springframework.core.type.filter.AnnotationTypeFilter;
import org.springframework.util.ClassUtils;

/** Every record of settings that the broker has, bound as the broker binds it. */
final class SettingsRecords {
    static final List<Class<?>> ALL = all();

    private SettingsRecords() {}

    /** Whether the broker would take these: every record is bound, and its own check run. */
    static boolean accepts(Map<String, Object> settings) {
        Binder binder = from(settings);
        try {
            for (Class<?> type : ALL) {
                Object bound = binder.bindOrCreate(prefix(type), Bindable.of(type));
                for (Method method : type.getDeclaredMethods()) {
                    if (method.getName().equals("checked")) {
                        check(bound, method);
                    }
                }
            }
            return true;
        } catch (BindException | IllegalArgumentException refused) {
            return false;
        }
    }

    /** The least an element of each list needs, and what the start asks for. */
    static Map<String, Object> examples() {
        Properties properties = new Properties();
        try (InputStream file =
                Objects.requireNonNull(SettingsRecords.class.getResourceAsStream("reference.properties"))) {
            properties.load(file);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        Map<String, Object> examples = new HashMap<>();
        properties.forEach((name, value) -> examples.put(name.toString(), value));
        return examples;
    }

    static List<Class<?>> all() {
        var scanner = new ClassPathScanningCandidateComponentProvider(false);
        scanner.addIncludeFilter(new AnnotationTypeFilter(ConfigurationProperties.class));
        List<Class<?>> found = scanner.findCandidateComponents("io.tokenbroker").stream()
                .map(definition -> ClassUtils.resolveClassName(String.valueOf(definition.getBeanClassName()), null))
                .sorted((one, other) -> one.getName().compareTo(other.getName()))
                .<Class<?>>map(type -> type)
                .toList();
        assertThat(found).hasSizeGreaterThan(5).allMatch(Class::isRecord);
        return found;
    }

    static String prefix(Class<?> type) {
        return Objects.requireNonNull(type.getAnnotation(ConfigurationProperties.class))
                .value();
    }

    static Binder from(Map<String, Object> settings) {
        return binder(new StandardEnvironment(), "settings", new MapPropertySource("settings", settings));
    }

    static Binder fromEnvironment(Map<String, Object> variables) {
        String name = StandardEnvironment.SYSTEM_ENVIRONMENT_PROPERTY_SOURCE_NAME;
        return binder(new StandardEnvironment(), name, new SystemEnvironmentPropertySource(name, variables));
    }

    static Binder binder(StandardEnvironment environment, String name, MapPropertySource source) {
        environment
                .getPropertySources()
                .forEach(other -> environment.getPropertySources().remove(other.getName()));
        environment.getPropertySources().addFirst(source);
        assertThat(environment.getPropertySources().contains(name)).isTrue();
        return new Binder(ConfigurationPropertySources.get(environment));
    }

    private static void check(Object bound, Method check) {
        try {
            check.setAccessible(true);
            check.invoke(bound);
        } catch (InvocationTargetException e) {
            if (e.getCause() instanceof IllegalArgumentException refused) {
                throw refused;
            }
            throw new IllegalStateException(e);
        } catch (IllegalAccessException e) {
            throw new IllegalStateException(e);
        }
    }
}
