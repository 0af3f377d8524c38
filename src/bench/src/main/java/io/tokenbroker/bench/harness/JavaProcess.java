package io.tokenbroker.bench.harness;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.BufferedReader;
import java.io.BufferedWriter;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/** A jar as a process of its own, with a folder that goes with it. None outlives this JVM unless that is killed. */
public final class JavaProcess implements AutoCloseable {

    private static final Path BIN = Path.of(System.getProperty("java.home"), "bin");
    /** Of each generation, or of the whole heap where the collector has none; never of the metaspace. */
    private static final Pattern HEAP_USED = Pattern.compile("total .*?used (\\d+)K");

    private static final Pattern RESIDENT = Pattern.compile("VmRSS:\\s+(\\d+) kB");

    private static final Duration STOP = Duration.ofSeconds(20);
    private static final Set<JavaProcess> RUNNING = ConcurrentHashMap.newKeySet();

    static {
        Runtime.getRuntime().addShutdownHook(new Thread(() -> RUNNING.forEach(JavaProcess::kill), "kill"));
    }

    private final Path folder;
    private final Process process;
    private final BufferedReader output;
    private final BufferedWriter input;

    private JavaProcess(Path folder, Process process) {
        this.folder = folder;
        this.process = process;
        this.output = process.inputReader();
        this.input = process.outputWriter();
        RUNNING.add(this);
    }

    /** Returns at once; {@link #awaitReady} waits. */
    public static JavaProcess start(Path folder, List<String> jvmOptions, Path jar, List<String> arguments)
            throws IOException {
        List<String> command = new ArrayList<>();
        command.add(BIN.resolve("java").toString());
        command.addAll(jvmOptions);
        command.add("-jar");
        command.add(jar.toString());
        command.addAll(arguments);
        Process process = new ProcessBuilder(command)
                .redirectError(folder.resolve("stderr.txt").toFile())
                .start();
        return new JavaProcess(folder, process);
    }

    public static Path newFolder() throws IOException {
        return Files.createTempDirectory("tokenbroker-bench");
    }

    /** Returns once the process prints a line that begins with {@code ready}. */
    public JavaProcess awaitReady() throws IOException {
        for (String line = nextLine(); !line.startsWith("ready"); ) {
            line = nextLine();
        }
        return this;
    }

    /** Sends a line, and returns the one that the process answers. */
    public String ask(String line) throws IOException {
        input.write(line);
        input.newLine();
        input.flush();
        return nextLine();
    }

    private String nextLine() throws IOException {
        String line = output.readLine();
        if (line == null) {
            throw new IllegalStateException("a process ended that should not have:\n" + errors());
        }
        return line;
    }

    /** What the process has printed to its standard error. */
    public String errors() throws IOException {
        return Files.readString(folder.resolve("stderr.txt"));
    }

    public boolean isAlive() {
        return process.isAlive();
    }

    /** Collects garbage, and returns the bytes of the heap that are in use then. */
    public long heapInUse() throws IOException, InterruptedException {
        jcmd("GC.run");
        Matcher used = HEAP_USED.matcher(jcmd("GC.heap_info"));
        long bytes = 0;
        while (used.find()) {
            bytes += 1024 * Long.parseLong(used.group(1));
        }
        return bytes;
    }

    /** Bytes of memory that are its own now, whatever for. */
    public long resident() throws IOException {
        String status = Files.readString(Path.of("/proc", Long.toString(process.pid()), "status"));
        Matcher resident = RESIDENT.matcher(status);
        if (!resident.find()) {
            throw new IllegalStateException("no resident memory in " + status);
        }
        return 1024 * Long.parseLong(resident.group(1));
    }

    private String jcmd(String what) throws IOException, InterruptedException {
        Process jcmd = new ProcessBuilder(BIN.resolve("jcmd").toString(), Long.toString(process.pid()), what)
                .redirectErrorStream(true)
                .start();
        String answer = new String(jcmd.getInputStream().readAllBytes(), UTF_8);
        if (jcmd.waitFor() != 0) {
            throw new IllegalStateException("jcmd " + what + ": " + answer);
        }
        return answer;
    }

    /** What it has had of the processors so far. */
    public Duration cpu() {
        return process.info().totalCpuDuration().orElse(Duration.ZERO);
    }

    /** SIGTERM, and after 20 s SIGKILL; the folder is deleted. */
    @Override
    public void close() {
        try {
            process.destroy();
            if (!process.waitFor(STOP.toSeconds(), TimeUnit.SECONDS)) {
                process.destroyForcibly();
            }
        } catch (InterruptedException e) {
            process.destroyForcibly();
            Thread.currentThread().interrupt();
        }
        kill();
    }

    /** SIGKILL; returns when it is gone, with its folder. */
    public void kill() {
        process.destroyForcibly();
        process.onExit().join();
        if (!RUNNING.remove(this)) {
            return;
        }
        try (Stream<Path> files = Files.walk(folder)) {
            for (Path file : files.sorted(Comparator.reverseOrder()).toList()) {
                Files.delete(file);
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
