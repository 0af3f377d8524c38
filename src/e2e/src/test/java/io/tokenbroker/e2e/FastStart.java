package io.tokenbroker.e2e;

import java.io.IOException;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.zip.CRC32C;
import java.util.zip.CheckedInputStream;

/**
 * The jar unpacked, with an archive of the classes it loads: these tests start dozens of processes, and so each takes
 * half the time.
 *
 * @see <a href="https://docs.spring.io/spring-boot/reference/packaging/class-data-sharing.html">Spring Boot, Class Data
 *     Sharing</a>
 */
final class FastStart {
    static final Path JAR = Path.of(System.getProperty("e2e.jar", "../local/target/tokenbroker-local.jar"));
    static final Path LOGS = Path.of(System.getProperty("e2e.logs", "target/e2e"));

    private static final String JAVA =
            Path.of(System.getProperty("java.home"), "bin", "java").toString();
    // these processes live for seconds: what the second compiler would gain is never earned
    private static final List<String> FLAGS = List.of(
            "-XX:+UseSerialGC",
            "-XX:TieredStopAtLevel=1",
            "-Xmx512m",
            "-XX:+ExitOnOutOfMemoryError",
            "-Xlog:cds=off",
            "-Xlog:cds+dynamic=off");
    private static final Path UNPACKED = LOGS.resolve("app");
    private static final Path UNPACKED_FROM = LOGS.resolve("app.crc");
    private static final Path ARCHIVE = LOGS.resolve("app.jsa");

    private FastStart() {}

    /** How to run the jar itself, as anybody would. */
    static List<String> ofJar() {
        requireJar();
        return command(List.of(), JAR);
    }

    /**
     * How to run what is in the jar; unpacks it where it is another than was unpacked before.
     *
     * @param moreFlags of the JVM, which come last and win
     */
    static synchronized List<String> ofUnpacked(List<String> moreFlags) {
        requireJar();
        try {
            Path unpacked = UNPACKED.resolve(JAR.getFileName());
            String checksum = checksum();
            if (!Files.exists(UNPACKED_FROM) || !Files.readString(UNPACKED_FROM).equals(checksum)) {
                Files.createDirectories(LOGS);
                Files.deleteIfExists(ARCHIVE);
                run(List.of(
                        JAVA,
                        "-Djarmode=tools",
                        "-jar",
                        JAR.toString(),
                        "extract",
                        "--force",
                        "--destination",
                        UNPACKED.toString()));
                archive(unpacked);
                Files.writeString(UNPACKED_FROM, checksum);
            }
            List<String> flags = new ArrayList<>(moreFlags);
            if (Files.exists(ARCHIVE)) {
                flags.add("-XX:SharedArchiveFile=" + ARCHIVE);
            }
            return command(flags, unpacked);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** The walkthrough loads about all there is; should it fail, its own test says so. */
    private static void archive(Path unpacked) throws IOException {
        Path data = Files.createTempDirectory("tokenbroker-e2e-archive");
        List<String> walkthrough = command(List.of("-XX:ArchiveClassesAtExit=" + ARCHIVE), unpacked);
        walkthrough.addAll(List.of(
                "--walkthrough",
                "--data=" + data,
                "--broker-port=" + FreePorts.next(),
                "--kafka-port=" + FreePorts.next(),
                "--acs-port=" + FreePorts.next(),
                "--emulator-port=" + FreePorts.next(),
                "--issuer-port=" + FreePorts.next()));
        run(walkthrough);
        Stack.delete(data);
    }

    /** The time of the file says nothing: builds are reproducible. */
    private static String checksum() throws IOException {
        try (var jar = new CheckedInputStream(Files.newInputStream(JAR), new CRC32C())) {
            jar.transferTo(OutputStream.nullOutputStream());
            return Long.toHexString(jar.getChecksum().getValue());
        }
    }

    private static List<String> command(List<String> flags, Path jar) {
        List<String> command = new ArrayList<>();
        command.add(JAVA);
        command.addAll(FLAGS);
        command.addAll(flags);
        command.addAll(List.of("-jar", jar.toString()));
        return command;
    }

    private static void run(List<String> command) throws IOException {
        Process process = new ProcessBuilder(command)
                .redirectErrorStream(true)
                .redirectOutput(LOGS.resolve("app.log").toFile())
                .start();
        try {
            if (!process.waitFor(2, TimeUnit.MINUTES)) {
                process.destroyForcibly();
            }
        } catch (InterruptedException e) {
            process.destroyForcibly();
            Thread.currentThread().interrupt();
        }
    }

    private static void requireJar() {
        if (!Files.exists(JAR)) {
            throw new IllegalStateException(JAR + " is not there; build it with ./mvnw package -pl src/local -am");
        }
    }
}
