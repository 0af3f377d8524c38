package io.tokenbroker.emulator.calls;

import io.tokenbroker.emulator.calls.Faults.Chance;
import io.tokenbroker.emulator.calls.Faults.Failure;
import io.tokenbroker.emulator.calls.Faults.Latency;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.function.BiFunction;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** Reads faults from JSON and finds all that is wrong with it, not just the first. */
public final class FaultsReader {
    private static final String ANY = "*";
    private static final String OPERATIONS = "one of " + Operation.labels() + ", or * for any";
    private static final double MAX_MILLIS = 600_000;

    private final List<Violation> violations = new ArrayList<>();

    private FaultsReader() {}

    /** A field with a value that is not allowed, and what is. */
    public record Violation(String field, String value, String allowed) {}

    /** Faults, or all that is wrong with them. */
    public sealed interface Result {
        /** Nothing is wrong. */
        record Read(Faults faults) implements Result {}

        /** In the order it was found. */
        record Invalid(List<Violation> violations) implements Result {}
    }

    /** Reads {@code content}, which should be JSON. */
    public static Result read(byte[] content) {
        JsonNode root;
        try {
            root = JsonMapper.shared().readTree(content);
        } catch (JacksonException e) {
            return new Result.Invalid(List.of(new Violation("", "not JSON", "a JSON object")));
        }
        return new FaultsReader().read(root);
    }

    private Result read(JsonNode root) {
        object(root, "", "latencyMs", "quota", "errors", "dropResponses", "hang", "tokenLifetimeSeconds", "seed");
        Latency latency = present(root, "latencyMs") ? latency(root.path("latencyMs")) : null;
        Quota quota = present(root, "quota") ? quota(root.path("quota")) : null;
        List<Failure> errors = list(root, "errors", this::failure);
        List<Chance> drops = list(root, "dropResponses", this::bareChance);
        List<Chance> hangs = list(root, "hang", this::bareChance);
        Duration lifetime = present(root, "tokenLifetimeSeconds")
                ? Duration.ofSeconds(whole(root.path("tokenLifetimeSeconds"), "tokenLifetimeSeconds", 1, 86_400))
                : null;
        Random random = present(root, "seed")
                ? new Random(whole(root.path("seed"), "seed", Integer.MIN_VALUE, Integer.MAX_VALUE))
                : new Random();
        return violations.isEmpty()
                ? new Result.Read(new Faults(latency, quota, errors, drops, hangs, lifetime, random, root.toString()))
                : new Result.Invalid(List.copyOf(violations));
    }

    private Latency latency(JsonNode node) {
        object(node, "latencyMs", "fixed", "p50", "p99");
        boolean fixed = present(node, "fixed");
        if (fixed == (present(node, "p50") || present(node, "p99"))) {
            violation("latencyMs", node, "{\"fixed\"} or {\"p50\", \"p99\"}");
            return new Latency.Fixed(0);
        }
        if (fixed) {
            return new Latency.Fixed(number(node.path("fixed"), "latencyMs.fixed", 0, MAX_MILLIS));
        }
        double p50 = number(node.path("p50"), "latencyMs.p50", 0.001, MAX_MILLIS);
        return new Latency.Quantiles(p50, number(node.path("p99"), "latencyMs.p99", p50, MAX_MILLIS));
    }

    private Quota quota(JsonNode node) {
        if (node.isString() && node.asString().equals("azure")) {
            return Quota.azure();
        }
        if (node.isString() && node.asString().equals("none")) {
            return Quota.none();
        }
        if (!node.isObject()) {
            violation("quota", node, "azure, none, or an object of calls per 30 seconds by operation");
            return Quota.none();
        }
        Map<Operation, Integer> limits = new EnumMap<>(Operation.class);
        if (node.has(ANY)) {
            int limit = whole(node.path(ANY), "quota.*", 1, 1_000_000);
            Arrays.stream(Operation.values()).forEach(operation -> limits.put(operation, limit));
        }
        for (String name : node.propertyNames()) {
            if (!name.equals(ANY)) {
                int limit = whole(node.path(name), "quota." + name, 1, 1_000_000);
                Operation.of(name)
                        .ifPresentOrElse(
                                operation -> limits.put(operation, limit),
                                () -> violations.add(new Violation("quota", name, OPERATIONS)));
            }
        }
        return new Quota(limits);
    }

    private Failure failure(JsonNode node, String field) {
        object(node, field, "operation", "status", "rate", "retryAfterSeconds");
        return new Failure(
                chance(node, field),
                whole(node.path("status"), field + ".status", 400, 599),
                present(node, "retryAfterSeconds")
                        ? whole(node.path("retryAfterSeconds"), field + ".retryAfterSeconds", 0, 3600)
                        : null);
    }

    private Chance bareChance(JsonNode node, String field) {
        object(node, field, "operation", "rate");
        return chance(node, field);
    }

    private Chance chance(JsonNode node, String field) {
        String name = node.path("operation").asString("");
        @Nullable Operation operation = Operation.of(name).orElse(null);
        if (operation == null && !name.equals(ANY)) {
            violation(field + ".operation", node.path("operation"), OPERATIONS);
        }
        return new Chance(operation, number(node.path("rate"), field + ".rate", 0, 1));
    }

    private <T> List<T> list(JsonNode root, String field, BiFunction<JsonNode, String, T> element) {
        List<T> read = new ArrayList<>();
        if (present(root, field)) {
            JsonNode array = root.path(field);
            if (!array.isArray()) {
                violation(field, array, "an array");
            }
            for (int i = 0; array.isArray() && i < array.size(); i++) {
                read.add(element.apply(array.path(i), field + "[" + i + "]"));
            }
        }
        return read;
    }

    private void object(JsonNode node, String field, String... allowed) {
        Set<String> names = Set.of(allowed);
        if (!node.isObject()) {
            violation(field, node, "an object");
            return;
        }
        for (String name : node.propertyNames()) {
            if (!names.contains(name)) {
                String path = field.isEmpty() ? name : field + "." + name;
                violation(path, node.path(name), "only " + String.join(", ", allowed));
            }
        }
    }

    private int whole(JsonNode node, String field, int min, int max) {
        if (node.canConvertToInt() && node.isIntegralNumber() && node.asInt() >= min && node.asInt() <= max) {
            return node.asInt();
        }
        violation(field, node, "a whole number from " + min + " to " + max);
        return min;
    }

    private double number(JsonNode node, String field, double min, double max) {
        if (node.isNumber() && node.asDouble() >= min && node.asDouble() <= max) {
            return node.asDouble();
        }
        violation(field, node, "a number from " + plain(min) + " to " + plain(max));
        return min;
    }

    private static String plain(double number) {
        return number == Math.rint(number) ? Long.toString((long) number) : Double.toString(number);
    }

    private void violation(String field, JsonNode value, String allowed) {
        violations.add(new Violation(field, value.isMissingNode() ? "missing" : value.toString(), allowed));
    }

    private static boolean present(JsonNode node, String field) {
        return node.has(field) && !node.path(field).isNull();
    }
}
