package io.tokenbroker.intake;

import io.cloudevents.rw.CloudEventRWException;
import io.cloudevents.types.Time;
import java.net.URI;
import java.net.URISyntaxException;
import java.time.format.DateTimeParseException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * What CloudEvents 1.0 asks of context attributes, in either mode. The SDK asks the same, but names neither every fault
 * nor what is allowed.
 */
final class AttributeRules {

    private static final String TEXT = "text that is not empty";
    private static final Pattern NAME = Pattern.compile("[a-z0-9]{1,64}");
    private static final List<String> REQUIRED = List.of("id", "source", "specversion", "type");
    private static final Set<String> TEXTS = Set.of("id", "type", "subject", "datacontenttype");

    private AttributeRules() {}

    /** Everything wrong with the attributes, which are texts, booleans or 32-bit integers; in a stable order. */
    static List<FieldError> problems(Map<String, ?> attributes) {
        List<FieldError> problems = new ArrayList<>();
        REQUIRED.stream()
                .filter(name -> !attributes.containsKey(name))
                .forEach(name -> problems.add(new FieldError(name, null, TEXT)));
        attributes.forEach((name, value) -> {
            String allowed = violated(name, value);
            if (allowed != null) {
                problems.add(new FieldError(Text.shown(name), Text.shown(value.toString()), allowed));
            }
        });
        return problems;
    }

    /** What would have been allowed; nothing where the value is. */
    private static @Nullable String violated(String name, Object value) {
        if (TEXTS.contains(name)) {
            return value instanceof String text && !text.isEmpty() ? null : TEXT;
        }
        return switch (name) {
            case "specversion" -> value.equals("1.0") ? null : "1.0";
            case "source" ->
                value instanceof String text && KnownSources.parse(text) != null
                        ? null
                        : "a URI reference that is not empty";
            case "dataschema" -> isAbsoluteUri(value) ? null : "an absolute URI";
            case "time" -> isTime(value) ? null : "a timestamp such as 2026-01-31T12:00:00Z (RFC 3339)";
            default -> NAME.matcher(name).matches() ? null : "attribute names of a-z and 0-9 alone";
        };
    }

    private static boolean isAbsoluteUri(Object value) {
        try {
            return value instanceof String text && new URI(text).isAbsolute();
        } catch (URISyntaxException notUri) {
            return false;
        }
    }

    private static boolean isTime(Object value) {
        try {
            return value instanceof String text && Time.parseTime(text) != null;
        } catch (CloudEventRWException | DateTimeParseException notTime) {
            return false;
        }
    }
}
