package io.tokenbroker.emulator;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.BufferedReader;
import java.io.IOException;
import java.nio.file.Path;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** An emulator in a process of its own, which can be killed. */
final class EmulatorProcess implements AutoCloseable {
    private static final Pattern CONTROL_PORT = Pattern.compile("^ready .*control=http://127.0.0.1:(\\d+)/");

    private final Process process;
    private final Caller caller;

    private EmulatorProcess(Process process) throws IOException {
        this.process = process;
        BufferedReader output = process.inputReader();
        Matcher ready = CONTROL_PORT.matcher(output.readLine());
        assertThat(ready.find()).isTrue();
        caller = new Caller(Integer.parseInt(ready.group(1)));
    }

    static EmulatorProcess start(Path data) throws IOException {
        return new EmulatorProcess(new ProcessBuilder(
                        ProcessHandle.current().info().command().orElse("java"),
                        "-cp",
                        System.getProperty("java.class.path"),
                        AcsEmulator.class.getName(),
                        "--port=0",
                        "--control-port=0",
                        "--data=" + data)
                .redirectError(ProcessBuilder.Redirect.DISCARD)
                .start());
    }

    Caller caller() {
        return caller;
    }

    long pid() {
        return process.pid();
    }

    /** {@code kill -9}. */
    @Override
    public void close() {
        process.destroyForcibly().onExit().join();
    }
}
