package io.tokenbroker.bench;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;

/** A command's options, {@code --name=value}, each with a default. */
final class Options {

    private final Map<String, String> values;

    private Options(Map<String, String> values) {
        this.values = values;
    }

    /**
     * @param defaults every option there is
     * @throws IllegalArgumentException naming an option there is not
     */
    static Options parse(String[] arguments, Map<String, String> defaults) {
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

    String text(String name) {
        String value = values.get(name);
        if (value == null) {
            throw new IllegalStateException(name);
        }
        return value;
    }

    List<String> texts(String name, String separator) {
        return Arrays.stream(text(name).split(separator, -1))
                .map(String::strip)
                .filter(text -> !text.isEmpty())
                .toList();
    }

    /** @throws IllegalArgumentException unless it is a whole number, 0 or more */
    int number(String name) {
        return number(name, text(name));
    }

    List<Integer> numbers(String name) {
        return texts(name, ",").stream().map(text -> number(name, text)).toList();
    }

    /** @throws IllegalArgumentException unless the file is there */
    Path file(String name) {
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
