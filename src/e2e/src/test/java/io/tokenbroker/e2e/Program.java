package io.tokenbroker.e2e;

import java.io.File;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import java.util.stream.Stream;
import org.junit.jupiter.api.Assumptions;

/** A program of this machine's, which not every machine has. */
final class Program {

    private Program() {}

    /** Skips the test where it is not there. */
    static Path require(String name) {
        Optional<Path> found = find(name);
        return found.orElseGet(() -> Assumptions.abort("skipped, not passed: there is no " + name + " in the path"));
    }

    /** The first of these that is in the path. */
    static Optional<Path> find(String... names) {
        return Stream.of(System.getenv().getOrDefault("PATH", "").split(File.pathSeparator))
                .flatMap(directory -> Stream.of(names).map(name -> Path.of(directory, name)))
                .filter(Files::isExecutable)
                .findFirst();
    }
}
