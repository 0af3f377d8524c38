package io.tokenbroker.bench;

import io.tokenbroker.bench.harness.Emulator;
import io.tokenbroker.bench.harness.JavaProcess;
import io.tokenbroker.bench.harness.Ports;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/** The whole local stack as a process of its own, on free loopback ports and in a folder that goes with it. */
final class LocalProcess implements AutoCloseable {

    /** On two processors, collectors that work beside the program take from it. */
    private static final List<String> JVM_OPTIONS = List.of("-Xmx2g", "-XX:+UseParallelGC");

    private final Ports ports = Ports.free();
    private final JavaProcess process;
    private final Emulator emulator;

    /** Returns once the stack says that it is ready. */
    LocalProcess(Path jar, List<String> settings) throws IOException {
        Path data = JavaProcess.newFolder();
        List<String> arguments = new ArrayList<>(ports.options());
        arguments.add("--quota=none");
        arguments.add("--data=" + data);
        arguments.addAll(settings);
        process = JavaProcess.start(data, JVM_OPTIONS, jar, arguments).awaitReady();
        emulator = new Emulator(ports.emulator());
    }

    String bootstrapServers() {
        return ports.bootstrapServers();
    }

    /** What the stack has had of the processors so far: Kafka, the emulator and the broker together. */
    Duration cpu() {
        return process.cpu();
    }

    /** Makes every call to the emulator take this long. */
    void setLatency(int milliseconds) throws IOException, InterruptedException {
        emulator.setLatency(milliseconds);
    }

    @Override
    public void close() {
        emulator.close();
        process.close();
    }
}
