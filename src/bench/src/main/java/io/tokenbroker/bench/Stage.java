package io.tokenbroker.bench;

import io.tokenbroker.bench.harness.Emulator;
import io.tokenbroker.bench.harness.JavaProcess;
import io.tokenbroker.bench.harness.Ports;
import io.tokenbroker.bench.harness.Report;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Deque;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * One subject as a process, beside an emulator and, where it needs one, a Kafka, which are processes too and new ones
 * for each subject, so that none finds what another left.
 */
final class Stage implements AutoCloseable {

    private static final int ALIKE = 3;
    private static final double FASTER = 1.01;

    private final Subject subject;
    private final Deque<AutoCloseable> parts = new ArrayDeque<>();
    private final Emulator control;
    private final JavaProcess emulator;
    private final @Nullable JavaProcess kafka;
    private final JavaProcess process;
    private final @Nullable Provisioning provisioning;

    private Stage(Programs programs, Subject subject, int inFlight, int latency)
            throws IOException, InterruptedException {
        this.subject = subject;
        Ports ports = Ports.free();
        try {
            kafka = subject.usesKafka() ? part(programs, ports, "kafka,issuer") : null;
            emulator = part(programs, ports, "acs");
            emulator.awaitReady();
            control = keep(new Emulator(ports.emulator()));
            control.setLatency(latency);
            if (kafka != null) {
                kafka.awaitReady();
            }
            Path folder = JavaProcess.newFolder();
            List<String> jvmOptions = new ArrayList<>(programs.jvmOptions());
            jvmOptions.addAll(programs.subjectOptions());
            process = keep(JavaProcess.start(
                    folder, jvmOptions, subject.jar(programs), subject.arguments(inFlight, ports, folder)));
            process.awaitReady();
            provisioning = subject.usesKafka() ? keep(new Provisioning(ports.bootstrapServers())) : null;
        } catch (IOException | InterruptedException | RuntimeException e) {
            close();
            throw e;
        }
    }

    /**
     * Returns once the subject is ready to work.
     *
     * @param latency of each call, in milliseconds
     */
    static Stage open(Programs programs, Subject subject, int inFlight, int latency)
            throws IOException, InterruptedException {
        return new Stage(programs, subject, inFlight, latency);
    }

    private JavaProcess part(Programs programs, Ports ports, String parts) throws IOException {
        Path folder = JavaProcess.newFolder();
        List<String> arguments = new ArrayList<>(ports.options());
        arguments.addAll(List.of("--parts=" + parts, "--quota=none", "--data=" + folder));
        return keep(JavaProcess.start(folder, programs.jvmOptions(), programs.local(), arguments));
    }

    private <T extends AutoCloseable> T keep(T part) {
        parts.push(part);
        return part;
    }

    /**
     * Has users provisioned in lots, as fast as it goes, until the JVMs have compiled what they need: three lots are no
     * faster than the three before them. What that takes differs by the subject's code, so that no number of events is
     * fair to all.
     *
     * @param most events after which it is enough in any case
     */
    void warmUp(int most, int lot) throws IOException {
        Report.progress(subject.title());
        List<Double> rates = new ArrayList<>();
        for (int done = 0; done < most && isGettingFaster(rates); done += lot) {
            rates.add(provision(lot).perSecond());
            Report.progress("  %.0f/s to warm up".formatted(rates.getLast()));
        }
    }

    private static boolean isGettingFaster(List<Double> rates) {
        int count = rates.size();
        if (count < 2 * ALIKE) {
            return true;
        }
        double before = sum(rates.subList(count - 2 * ALIKE, count - ALIKE));
        double now = sum(rates.subList(count - ALIKE, count));
        return now > FASTER * before;
    }

    private static double sum(List<Double> rates) {
        return rates.stream().mapToDouble(Double::doubleValue).sum();
    }

    /** Has so many users provisioned as fast as it goes, and checks that each took one call. */
    Round run(int events) throws IOException, InterruptedException {
        long creates = control.count("create", "calls");
        Round round = provision(events);
        check(events, control.count("create", "calls") - creates);
        Report.progress("  %.0f/s".formatted(round.perSecond()));
        return round;
    }

    private Round provision(int events) throws IOException {
        Cpu before = cpu();
        Duration took = provisioning == null
                ? Duration.ofNanos(Long.parseLong(process.ask("run " + events)))
                : provisioning.backlog(events);
        return new Round(events, took, cpu().minus(before));
    }

    /** Has users provisioned at an even pace; returns for each the nanoseconds from when it was due to its outcome. */
    long[] pace(int events, int perSecond) throws IOException, InterruptedException {
        long creates = control.count("create", "calls");
        long[] latencies = provisioning == null
                ? Arrays.stream(process.ask("pace " + events + " " + perSecond).split(" "))
                        .mapToLong(Long::parseLong)
                        .toArray()
                : provisioning.paced(events, perSecond);
        check(events, control.count("create", "calls") - creates);
        return latencies;
    }

    private void check(int events, long calls) {
        if (calls != events) {
            throw new IllegalStateException(
                    subject.title() + " made " + calls + " calls for " + events + " events; the figures mean nothing");
        }
    }

    private Cpu cpu() {
        return new Cpu(
                process.cpu(),
                kafka == null ? Duration.ZERO : kafka.cpu(),
                emulator.cpu(),
                ProcessHandle.current().info().totalCpuDuration().orElse(Duration.ZERO));
    }

    @Override
    public void close() {
        while (!parts.isEmpty()) {
            try {
                parts.pop().close();
            } catch (Exception e) {
                throw new IllegalStateException("a part did not stop", e);
            }
        }
    }
}
