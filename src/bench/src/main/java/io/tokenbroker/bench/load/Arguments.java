package io.tokenbroker.bench.load;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.stream.Collectors;

/** A command's options, {@code --name=value}, each with a default. */
final class Arguments {

    private static final String JAR = "jar";

    private final Map<String, String> values = new LinkedHashMap<>();

    /**
     * @param defaults names and values one after the other, of every option there is besides {@code --jar=}
     * @throws IllegalArgumentException naming what is wrong and what is allowed
     */
    Arguments(String[] given, String... defaults) {
        values.put(JAR, "src/local/target/tokenbroker-local.jar");
        for (int i = 0; i < defaults.length; i += 2) {
            values.put(defaults[i], defaults[i + 1]);
        }
        for (String argument : given) {
            int equals = argument.indexOf('=');
            String name = argument.startsWith("--") && equals > 0 ? argument.substring(2, equals) : "";
            if (!values.containsKey(name)) {
                throw new IllegalArgumentException("there is no option " + argument + "; allowed: " + allowed());
            }
            values.put(name, argument.substring(equals + 1));
        }
    }

    private String allowed() {
        return values.entrySet().stream()
                .map(option -> "--" + option.getKey() + "=" + option.getValue())
                .collect(Collectors.joining(" "));
    }

    /** The local stack. */
    Path jar() {
        Path jar = Path.of(text(JAR));
        if (!Files.exists(jar)) {
            throw new IllegalArgumentException("--jar is " + jar
                    + ", which does not exist; allowed: the local stack's jar, made by ./mvnw package");
        }
        return jar;
    }

    String text(String name) {
        return values.getOrDefault(name, "");
    }

    /** A whole number, 1 or more. */
    int number(String name) {
        String text = text(name);
        if (!text.matches("[1-9]\\d{0,8}")) {
            throw new IllegalArgumentException("--" + name + " is " + text + "; allowed: 1 to 999999999");
        }
        return Integer.parseInt(text);
    }
}
