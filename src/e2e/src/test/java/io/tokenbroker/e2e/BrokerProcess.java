package io.tokenbroker.e2e;

import java.nio.file.Path;
import java.util.List;
import java.util.function.UnaryOperator;

/** One instance of the broker: the same address and settings however often it is started anew. */
final class BrokerProcess implements AutoCloseable {
    private final String address;
    private final Path log;
    private final List<String> arguments;
    private final List<String> jvmFlags;
    private LocalProcess process;

    BrokerProcess(String address, Path log, List<String> arguments, List<String> jvmFlags) {
        this.address = address;
        this.log = log;
        this.arguments = List.copyOf(arguments);
        this.jvmFlags = List.copyOf(jvmFlags);
        this.process = LocalProcess.start(log, arguments, jvmFlags);
    }

    String address() {
        return address;
    }

    BrokerProcess awaitReady() {
        process.awaitReady();
        return this;
    }

    /** {@code kill -9}. */
    void kill() {
        process.kill();
    }

    /** SIGSTOP. */
    void freeze() {
        process.freeze();
    }

    /** SIGCONT. */
    void thaw() {
        process.thaw();
    }

    /** What it has printed as errors. */
    String said() {
        return process.errors();
    }

    boolean isAlive() {
        return process.isAlive();
    }

    /** SIGTERM, until the process has ended. */
    void stop() {
        process.stop();
    }

    /** Returns at once; {@link #awaitReady} waits. */
    BrokerProcess startAgain() {
        return startAgain(argument -> argument);
    }

    /** As {@link #startAgain()}, with other arguments this once. */
    BrokerProcess startAgain(UnaryOperator<String> change) {
        process = LocalProcess.start(log, arguments.stream().map(change).toList(), jvmFlags);
        return this;
    }

    @Override
    public void close() {
        process.close();
    }
}
