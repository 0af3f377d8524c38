package io.tokenbroker.e2e;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assumptions.abort;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.zip.CRC32C;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.extension.ConditionEvaluationResult;
import org.junit.jupiter.api.extension.ExecutionCondition;
import org.junit.jupiter.api.extension.ExtensionContext;
import tools.jackson.databind.JsonNode;

/**
 * A script of {@code src/e2e/web} under Node, which tells what it does, a line of JSON each. Where Node or the packages
 * cannot be had, the tests that need them are skipped, with the reason.
 */
final class NodeScript implements AutoCloseable {
    static final Path WEB = Path.of(System.getProperty("e2e.web", "web")).toAbsolutePath();
    private static final int OLDEST_NODE = 20;
    private static final Path LOG = FastStart.LOGS.resolve("npm.log");
    private static final String MISSING = "skipped, not passed: ";

    private static @Nullable String missing;

    private final LocalProcess process;
    private final List<JsonNode> told = new ArrayList<>();
    private int read;

    private NodeScript(LocalProcess process) {
        this.process = process;
    }

    /** Skips the test where the machine has no Node that is new enough. */
    static void requireNode() {
        skipWhere(missingNode());
    }

    /** Skips the test where the packages of {@code src/e2e/web} cannot be had. */
    static void requirePackages() {
        skipWhere(missingPackages());
    }

    /**
     * Skips a class where the packages of {@code src/e2e/web} cannot be had. Were it given up in its preparation,
     * nothing would be reported as skipped.
     */
    static final class Needed implements ExecutionCondition {
        @Override
        public ConditionEvaluationResult evaluateExecutionCondition(ExtensionContext context) {
            String missing = missingPackages();
            return missing.isEmpty()
                    ? ConditionEvaluationResult.enabled("Node is there")
                    : ConditionEvaluationResult.disabled(MISSING + missing);
        }
    }

    private static void skipWhere(String missing) {
        if (!missing.isEmpty()) {
            abort(MISSING + missing);
        }
    }

    private static synchronized String missingPackages() {
        if (missing == null) {
            String node = missingNode();
            missing = node.isEmpty() ? install() : node;
        }
        return missing;
    }

    private static String missingNode() {
        int version = nodeVersion();
        return version >= OLDEST_NODE
                ? ""
                : "there is no Node of version " + OLDEST_NODE + " or newer in the path"
                        + (version > 0 ? ", but " + version : "");
    }

    /** Skips the test where there is no browser. */
    static void requireChromium() {
        skipWhere(chromium().isPresent() ? "" : "there is no chromium in the path");
    }

    /** The browser's program. */
    static Optional<Path> chromium() {
        return Program.find("chromium", "chromium-browser", "google-chrome");
    }

    private static int nodeVersion() {
        try {
            Process node = new ProcessBuilder("node", "--version").start();
            String version = new String(node.getInputStream().readAllBytes(), UTF_8);
            return Integer.parseInt(version.replaceAll("^v(\\d+)[\\s\\S]*$", "$1"));
        } catch (IOException | NumberFormatException e) {
            return 0;
        }
    }

    /** Returns what is missing, empty for nothing. What the lock file named before is not installed again. */
    private static String install() {
        Path installedFrom = WEB.resolve("node_modules").resolve(".installed-from");
        try {
            CRC32C checksum = new CRC32C();
            checksum.update(Files.readAllBytes(WEB.resolve("package-lock.json")));
            String wanted = Long.toHexString(checksum.getValue());
            if (Files.exists(installedFrom) && Files.readString(installedFrom).equals(wanted)) {
                return "";
            }
            Files.createDirectories(FastStart.LOGS);
            Process npm = new ProcessBuilder("npm", "ci")
                    .directory(WEB.toFile())
                    .redirectErrorStream(true)
                    .redirectOutput(LOG.toFile())
                    .start();
            if (!npm.waitFor(2, TimeUnit.MINUTES)) {
                npm.destroyForcibly();
                return "npm ci took longer than two minutes: " + LOG;
            }
            if (npm.exitValue() != 0) {
                return "npm ci failed: " + LOG;
            }
            Files.writeString(installedFrom, wanted);
            return "";
        } catch (IOException e) {
            return "npm ci cannot be run: " + e.getMessage();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return "interrupted";
        }
    }

    /** @param options as {@code --name=value} */
    static NodeScript start(Path log, String script, String... options) {
        skipWhere(missingPackages());
        List<String> program = List.of("node", WEB.resolve(script).toString());
        return new NodeScript(LocalProcess.start(program, log, List.of(options)));
    }

    /** Everything told so far; each line is read once, as there may be many. */
    synchronized List<JsonNode> told() {
        String output = process.output();
        int end = output.lastIndexOf('\n') + 1; // what comes after it is not complete
        output.substring(read, end).lines().map(Http.JSON::readTree).forEach(told::add);
        read = end;
        return List.copyOf(told);
    }

    List<JsonNode> told(String event) {
        return told(event, "");
    }

    /** @param user whom it was told of; empty for anybody */
    List<JsonNode> told(String event, String user) {
        return told().stream()
                .filter(one -> one.path("event").asString("").equals(event))
                .filter(one -> user.isEmpty() || one.path("user").asString("").equals(user))
                .toList();
    }

    void awaitTold(int times, Duration limit, String event) {
        awaitTold(times, limit, event, "");
    }

    /** Returns when that event was told that often. */
    void awaitTold(int times, Duration limit, String event, String user) {
        await(times + " times " + event + " " + user)
                .atMost(limit)
                .pollInterval(Duration.ofMillis(100))
                .failFast(
                        "the script ended",
                        () -> !process.isAlive() && told(event, user).size() < times)
                .until(() -> told(event, user).size() >= times);
    }

    void tell(String line) {
        process.tell(line);
    }

    /** Returns what was told last, of a script that ended by itself and well. */
    JsonNode awaitDone(Duration limit) {
        assertThat(process.awaitExit(limit)).as("exit status").isZero();
        return told("done").getLast();
    }

    @Override
    public void close() {
        process.close();
    }
}
