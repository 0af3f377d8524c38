package io.tokenbroker.bench;

import io.tokenbroker.bench.harness.Options;
import io.tokenbroker.bench.harness.Report;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;

/**
 * What is started, and the JVM options that every process is started with.
 *
 * @param local the local stack's jar
 * @param references the references' jar
 * @param subjectOptions more JVM options for the subject alone, such as a flight recording; they change the figures
 */
record Programs(Path local, Path references, List<String> jvmOptions, List<String> subjectOptions) {

    /** Collectors that work beside the program would, on few processors, take from it. */
    static final Map<String, String> DEFAULTS = Map.of(
            "local-jar", "src/local/target/tokenbroker-local.jar",
            "references-jar", "src/bench/references/target/tokenbroker-references.jar",
            "jvm-options", "-Xms1g -Xmx1g -XX:+UseParallelGC",
            "subject-options", "");

    Programs {
        jvmOptions = List.copyOf(jvmOptions);
        subjectOptions = List.copyOf(subjectOptions);
    }

    static Programs of(Options options) {
        return new Programs(
                options.file("local-jar"),
                options.file("references-jar"),
                options.texts("jvm-options", " "),
                options.texts("subject-options", " "));
    }

    /** What the figures depend on. */
    String conditions() {
        return "%s, every process with %s%s."
                .formatted(
                        Report.conditions(),
                        String.join(" ", jvmOptions),
                        subjectOptions.isEmpty() ? "" : ", the subject with " + String.join(" ", subjectOptions));
    }
}
