package io.tokenbroker.bench.load;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.BufferedReader;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** A process of the local stack's jar; none outlives this JVM, unless that is killed. */
final class JvmProcess implements AutoCloseable {

    private static final Path BIN = Path.of(System.getProperty("java.home"), "bin");
    /** Of each generation, or of the whole heap where the collector has none; never of the metaspace. */
    private static final Pattern HEAP_USED = Pattern.compile("total .*?used (\\d+)K");

    private static final int STOP_SECONDS = 30;
    private static final Set<Process> RUNNING = ConcurrentHashMap.newKeySet();

    static {
        Runtime.getRuntime().addShutdownHook(new Thread(() -> RUNNING.forEach(Process::destroyForcibly), "kill"));
    }

    private final Process process;
    private final Path errors;

    /** Returns at once; {@link #awaitReady} waits. */
    JvmProcess(List<String> jvmOptions, Path jar, List<String> arguments, Path errors) throws IOException {
        this.errors = errors;
        List<String> command = new ArrayList<>();
        command.add(BIN.resolve("java").toString());
        command.addAll(jvmOptions);
        command.addAll(List.of("-jar", jar.toString()));
        command.addAll(arguments);
        process = new ProcessBuilder(command).redirectError(errors.toFile()).start();
        RUNNING.add(process);
    }

    /** Returns once it says that everything it started answers. */
    JvmProcess awaitReady() throws IOException {
        BufferedReader output = process.inputReader();
        for (String line = output.readLine(); line == null || !line.startsWith("ready"); line = output.readLine()) {
            if (line == null) {
                throw new IllegalStateException("a process ended at its start:\n" + Files.readString(errors));
            }
        }
        return this;
    }

    boolean isAlive() {
        return process.isAlive();
    }

    /** Collects garbage, and returns the bytes of the heap that are in use then. */
    long heapInUse() throws IOException, InterruptedException {
        jcmd("GC.run");
        String info = jcmd("GC.heap_info");
        Matcher used = HEAP_USED.matcher(info);
        long bytes = 0;
        while (used.find()) {
            bytes += 1024 * Long.parseLong(used.group(1));
        }
        return bytes;
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

    /** SIGTERM, and SIGKILL where that is not enough. */
    @Override
    public void close() {
        process.destroy();
        try {
            if (!process.waitFor(STOP_SECONDS, TimeUnit.SECONDS)) {
                process.destroyForcibly();
            }
        } catch (InterruptedException e) {
            process.destroyForcibly();
            Thread.currentThread().interrupt();
        }
        process.onExit().join();
        RUNNING.remove(process);
    }
}
