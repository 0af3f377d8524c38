package io.tokenbroker.bench.harness;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;

/** A command's options, {@code --name=value}, each with a default. */
public final class Options {

    private static final String JAR = "jar";
    private static final String LOCAL_STACK = "src/local/target/tokenbroker-local.jar";

    private final Map<String, String> values;

    private Options(Map<String, String> values) {
        this.values = values;
    }

    /**
     * Of a command that runs nothing but the local stack.
     *
     * @param defaults every option there is besides {@code --jar=}
     * @throws IllegalArgumentException naming an option there is not
     */
    public static Options withJar(String[] arguments, Map<String, String> defaults) {
        Map<String, String> all = new LinkedHashMap<>(defaults);
        all.put(JAR, LOCAL_STACK);
        return parse(arguments, all);
    }

    /**
     * @param defaults every option there is
     * @throws IllegalArgumentException naming an option there is not
     */
    public static Options parse(String[] arguments, Map<String, String> defaults) {
        Map<String, String> values = new LinkedHashMap<>(defaults);
        for (String argument : arguments) {
            int equals = argument.indexOf('=');
            String name = argument.startsWith("--") && equals > 0 ? argument.substring(2, equals) : "";
            if (!defaults.containsKey(name)) {
                String allowed = defaults.entrySet().stream()
                        .map(option -> "--" + option.getKey() + "=" + option.getValue())
                        .sorted()
                        .collect(Collectors.joining(" "));
                throw new IllegalArgumentException("there is no option " + argument + "; allowed: " + allowed);
            }
            values.put(name, argument.substring(equals + 1));
        }
        return new Options(values);
    }

    public String text(String name) {
        String value = values.get(name);
        if (value == null) {
            throw new IllegalStateException(name);
        }
        return value;
    }

    public List<String> texts(String name, String separator) {
        return Arrays.stream(text(name).split(separator, -1))
                .map(String::strip)
                .filter(text -> !text.isEmpty())
                .toList();
    }

    /** @throws IllegalArgumentException unless it is a whole number, 0 or more */
    public int number(String name) {
        return number(name, text(name));
    }

    public List<Integer> numbers(String name) {
        return texts(name, ",").stream().map(text -> number(name, text)).toList();
    }

    /** The local stack's, which is {@code --jar=}. */
    public Path jar() {
        return file(JAR);
    }

    /** @throws IllegalArgumentException unless the file is there */
    public Path file(String name) {
        Path file = Path.of(text(name));
        if (!Files.exists(file)) {
            throw new IllegalArgumentException(
                    "--" + name + " is " + file + ", which does not exist; ./mvnw package makes it");
        }
        return file;
    }

    private static int number(String name, String text) {
        try {
            int number = Integer.parseInt(text);
            if (number >= 0) {
                return number;
            }
        } catch (NumberFormatException e) {
            throw new IllegalArgumentException(notANumber(name, text), e);
        }
        throw new IllegalArgumentException(notANumber(name, text));
    }

    private static String notANumber(String name, String text) {
        return "--" + name + " is " + text + "; allowed: a whole number, 0 or more";
    }
}
