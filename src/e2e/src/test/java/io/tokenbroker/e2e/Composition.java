package io.tokenbroker.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.extension.ConditionEvaluationResult;
import org.junit.jupiter.api.extension.ExecutionCondition;
import org.junit.jupiter.api.extension.ExtensionContext;
import tools.jackson.databind.JsonNode;

/** The system of {@code docker-compose.yml}, of images built from the jars of this build. Whatever it kept is gone after. */
final class Composition implements AutoCloseable {
    static final String KAFKA = "127.0.0.1:9092";
    static final String ISSUER = "http://127.0.0.1:8082";
    static final Emulator EMULATOR = new Emulator("http://127.0.0.1:8081");

    private static final Path ROOT =
            FastStart.JAR.resolve("../../../..").toAbsolutePath().normalize();
    private static final Path LOG = FastStart.LOGS.resolve("compose.log");
    private static final Path PRINTED = FastStart.LOGS.resolve("compose.out");
    private static final String PROJECT = "tokenbroker-e2e";
    private static final long MINUTES = 4;

    private Composition() {}

    /** Skips a class, and says so in the report, where no container engine runs or an image would have to be fetched. */
    static final class Needed implements ExecutionCondition {
        @Override
        public ConditionEvaluationResult evaluateExecutionCondition(ExtensionContext context) {
            return engineRuns()
                    ? ConditionEvaluationResult.enabled("a container engine runs")
                    : ConditionEvaluationResult.disabled(
                            "skipped, not passed: no container engine runs that has compose and the images");
        }

        private static boolean engineRuns() {
            try {
                return run(List.of("docker", "info")) == 0 && run(List.of("docker", "compose", "version")) == 0;
            } catch (UncheckedIOException e) {
                return false;
            }
        }
    }

    /** Returns when everything is healthy. */
    static Composition up() {
        Composition composition = new Composition();
        try {
            compose("up", "--build", "--wait");
            return composition;
        } catch (AssertionError notUp) {
            composition.close();
            throw notUp;
        }
    }

    /** Returns when that many brokers are healthy. */
    void brokers(int count) {
        compose("up", "--wait", "--no-recreate", "--scale", "broker=" + count);
    }

    /** Where each broker that runs is published. */
    List<String> addresses() {
        return containers().stream()
                .map(container -> "http://127.0.0.1:"
                        + container
                                .path("Publishers")
                                .path(0)
                                .path("PublishedPort")
                                .asInt())
                .toList();
    }

    /** {@code kill -9} of the broker at that address; it is not started again. */
    void kill(String address) {
        JsonNode container = containers().stream()
                .filter(each -> address.endsWith(":"
                        + each.path("Publishers").path(0).path("PublishedPort").asInt()))
                .findFirst()
                .orElseThrow();
        done(List.of("docker", "kill", container.path("ID").asString("")));
    }

    private List<JsonNode> containers() {
        return compose("ps", "--format", "json", "broker")
                .lines()
                .map(Http.JSON::readTree)
                .toList();
    }

    @Override
    public void close() {
        compose("logs", "--no-color");
        compose("down", "--volumes", "--timeout", "5");
    }

    private static String compose(String... arguments) {
        List<String> command = new ArrayList<>(List.of("docker", "compose", "--project-name", PROJECT));
        command.addAll(List.of(arguments));
        return done(command);
    }

    /** Returns what the command printed; fails where it does. */
    private static String done(List<String> command) {
        int status = run(command);
        try {
            assertThat(status).as("%s, whose errors are in %s", command, LOG).isZero();
            return Files.readString(PRINTED);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static int run(List<String> command) {
        try {
            Files.createDirectories(FastStart.LOGS);
            Process process = new ProcessBuilder(command)
                    .directory(ROOT.toFile())
                    .redirectOutput(PRINTED.toFile())
                    .redirectError(ProcessBuilder.Redirect.appendTo(LOG.toFile()))
                    .start();
            if (!process.waitFor(MINUTES, TimeUnit.MINUTES)) {
                process.destroyForcibly();
                throw new AssertionError(command + " took longer than " + MINUTES + " minutes");
            }
            return process.exitValue();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new AssertionError("interrupted", e);
        }
    }
}
