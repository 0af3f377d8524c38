package io.tokenbroker.local;

import java.nio.file.Path;
import java.util.Arrays;
import java.util.stream.Collectors;

/** Where this JVM logs: a file of its own for each choice of parts, as several may share a data directory. */
final class LogFile {
    /** Read by {@code logback.xml}. */
    private static final String PROPERTY = "tokenbroker.local.log";

    private LogFile() {}

    /** To be called before anything logs. */
    static void configure(Options options) {
        System.setProperty(PROPERTY, directory(options).resolve(name(options)).toString());
    }

    static Path of(Options options) {
        return directory(options).resolve(name(options) + ".log");
    }

    private static Path directory(Options options) {
        return options.data().resolve("log");
    }

    private static String name(Options options) {
        if (options.parts().isEmpty()) {
            return "walkthrough";
        }
        if (options.parts().size() == Part.values().length) {
            return "local";
        }
        return Arrays.stream(Part.values())
                .filter(options::starts)
                .map(part -> part == Part.BROKER ? part.label() + "-" + options.port(LocalPort.BROKER) : part.label())
                .collect(Collectors.joining("-"));
    }
}
