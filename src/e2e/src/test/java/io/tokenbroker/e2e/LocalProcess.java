package io.tokenbroker.e2e;

import static org.awaitility.Awaitility.await;

import java.io.File;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;

/** A process, most often of {@code tokenbroker-local.jar}; none outlives this JVM, however a test ends. */
final class LocalProcess implements AutoCloseable {
    static final Duration START = Duration.ofSeconds(90);
    private static final Duration STOP = Duration.ofSeconds(30);
    private static final Set<Process> RUNNING = ConcurrentHashMap.newKeySet();

    static {
        Runtime.getRuntime().addShutdownHook(new Thread(() -> RUNNING.forEach(Process::destroyForcibly), "kill"));
    }

    private final Process process;
    private final Path log;
    private final long logStart;

    private LocalProcess(Process process, Path log, long logStart) {
        this.process = process;
        this.log = log;
        this.logStart = logStart;
    }

    /** @param log what the process prints is added to it, and its errors to a file of that name with {@code .err} */
    static LocalProcess start(Path log, List<String> arguments) {
        return start(log, arguments, List.of());
    }

    static LocalProcess start(Path log, List<String> arguments, List<String> jvmFlags) {
        return start(FastStart.ofUnpacked(jvmFlags), log, arguments);
    }

    /** The jar itself. */
    static LocalProcess startJar(Path log, List<String> arguments) {
        return start(FastStart.ofJar(), log, arguments);
    }

    /** @param program and what it is always told, before the arguments */
    static LocalProcess start(List<String> program, Path log, List<String> arguments) {
        List<String> command = new ArrayList<>(program);
        command.addAll(arguments);
        try {
            Files.createDirectories(log.resolveSibling("."));
            long logStart = Files.exists(log) ? Files.size(log) : 0;
            Process process = new ProcessBuilder(command)
                    .redirectOutput(ProcessBuilder.Redirect.appendTo(log.toFile()))
                    .redirectError(ProcessBuilder.Redirect.appendTo(new File(log + ".err")))
                    .start();
            RUNNING.add(process);
            return new LocalProcess(process, log, logStart);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Returns once the process says that everything it started answers. */
    LocalProcess awaitReady() {
        await("ready in " + log)
                .atMost(START)
                .pollInterval(Duration.ofMillis(50))
                .failFast(log + " ended", () -> !process.isAlive() && !saysReady())
                .until(this::saysReady);
        return this;
    }

    private boolean saysReady() {
        return output().lines().anyMatch(line -> line.startsWith("ready "));
    }

    /** What this process has printed to standard output so far. */
    String output() {
        try {
            byte[] all = Files.readAllBytes(log);
            int from = (int) Math.min(logStart, all.length);
            return new String(all, from, all.length - from, StandardCharsets.UTF_8);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** What it, and those before it with the same log, have printed as errors. */
    String errors() {
        try {
            return Files.readString(Path.of(log + ".err"));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Writes a line to its standard input. */
    void tell(String line) {
        try {
            process.outputWriter().append(line).append('\n').flush();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** SIGKILL: nothing is finished, nothing is said. */
    void kill() {
        process.destroyForcibly();
        awaitExit();
    }

    /** SIGSTOP: as if the machine had frozen. */
    void freeze() {
        signal("STOP");
    }

    /** SIGCONT. */
    void thaw() {
        signal("CONT");
    }

    private void signal(String name) {
        try {
            Process kill = new ProcessBuilder("kill", "-" + name, Long.toString(process.pid())).start();
            if (kill.waitFor() != 0) {
                throw new IllegalStateException("kill -" + name + " was refused");
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new AssertionError("interrupted", e);
        }
    }

    boolean isAlive() {
        return process.isAlive();
    }

    /** SIGTERM, and returns the exit status. */
    int stop() {
        process.destroy();
        return awaitExit();
    }

    /** Returns the exit status; kills the process, and fails, where it does not end by itself. */
    int awaitExit(Duration limit) {
        try {
            if (!process.waitFor(limit.toMillis(), TimeUnit.MILLISECONDS)) {
                process.destroyForcibly();
                throw new AssertionError("still running after " + limit + ": " + log);
            }
            RUNNING.remove(process);
            return process.exitValue();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            process.destroyForcibly();
            throw new AssertionError("interrupted", e);
        }
    }

    private int awaitExit() {
        return awaitExit(STOP);
    }

    @Override
    public void close() {
        if (process.isAlive()) {
            kill();
        }
        RUNNING.remove(process);
    }
}
