package io.tokenbroker.e2e;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

/** Several instances beside one Kafka and one emulator, each with a network of its own to either. */
final class Fleet implements AutoCloseable {
    /** As ACS is when nothing is wrong with it. */
    static final String LATENCY = "{\"latencyMs\":{\"fixed\":20}";

    /** What a fault may keep busy before the budget of an event counts it as lost. */
    private static final List<String> SETTINGS = List.of(
            "--tokenbroker.acs.call-timeout=2s",
            "--tokenbroker.pipeline.retry.max-attempts=50",
            "--tokenbroker.pipeline.retry.first-backoff=50ms",
            "--tokenbroker.pipeline.retry.max-backoff=1s");

    /** An instance, and its ways to Kafka and to ACS. */
    record Instance(String name, BrokerProcess process, Link kafka, Link acs) {
        /** As it was before any fault; returns once it is ready. */
        void recover() {
            kafka.heal();
            acs.heal();
            process.thaw();
            if (!process.isAlive()) {
                process.startAgain();
            }
            process.awaitReady();
        }
    }

    /** Where Kafka listens for one instance, and where that instance believes it does. */
    private record Way(int listener, int advertised) {}

    private final Stack stack;
    private final Path callLog;
    private final List<Instance> instances = new ArrayList<>();
    private final List<Link> links = new ArrayList<>();

    /** @param size of which the last one is not started yet */
    private Fleet(Class<?> test, int size) throws IOException {
        List<Way> ways = IntStream.range(0, size)
                .mapToObj(i -> new Way(FreePorts.next(), FreePorts.next()))
                .toList();
        callLog = callLog(test);
        stack = Stack.start(test, port -> listeners(port, ways), "--quota=none", "--call-log=" + callLog);
        Path authority = callLog.resolveSibling(test.getSimpleName() + "-ca.pem");
        Files.writeString(authority, stack.emulator().certificateAuthority());
        for (Way way : ways) {
            Link kafka = Link.toKafka(way.advertised(), way.listener());
            Link acs = Link.to(stack.acsPort());
            links.add(kafka);
            links.add(acs);
            List<String> settings = new ArrayList<>(Stack.NO_QUOTA);
            settings.addAll(SETTINGS);
            settings.add("--tokenbroker.kafka.bootstrap-servers=127.0.0.1:" + way.advertised());
            settings.add("--tokenbroker.acs.resources[0].state=current");
            settings.add("--tokenbroker.acs.resources[0].connection-string=endpoint=https://localhost:" + acs.port()
                    + "/;accesskey=" + stack.emulator().accessKey());
            settings.add("--tokenbroker.acs.trusted-certificates=" + authority);
            instances.add(new Instance("broker-" + (instances.size() + 1), stack.starting(settings), kafka, acs));
        }
        instances.forEach(instance -> instance.process().awaitReady());
        spare().process().stop();
        usualAcs();
    }

    /** Returns once all instances but a spare one are ready. */
    static Fleet start(Class<?> test, int size) {
        try {
            return new Fleet(test, size + 1);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static Path callLog(Class<?> test) throws IOException {
        Path file = FastStart.LOGS.resolve(test.getSimpleName() + "-calls.json").toAbsolutePath();
        Files.createDirectories(file.resolveSibling("."));
        Files.deleteIfExists(file);
        return file;
    }

    private static List<String> listeners(int port, List<Way> ways) {
        int controller = FreePorts.next();
        List<String> names =
                IntStream.range(0, ways.size()).mapToObj(i -> "WAY" + i).toList();
        String clients = "PLAINTEXT://127.0.0.1:" + port;
        String listening = IntStream.range(0, ways.size())
                .mapToObj(
                        i -> "," + names.get(i) + "://127.0.0.1:" + ways.get(i).listener())
                .collect(Collectors.joining());
        String advertised = IntStream.range(0, ways.size())
                .mapToObj(
                        i -> "," + names.get(i) + "://127.0.0.1:" + ways.get(i).advertised())
                .collect(Collectors.joining());
        String protocols = names.stream().map(name -> "," + name + ":PLAINTEXT").collect(Collectors.joining());
        return List.of(
                "--kafka.listeners=" + clients + listening + ",CONTROLLER://127.0.0.1:" + controller,
                "--kafka.advertised.listeners=" + clients + advertised,
                "--kafka.controller.quorum.voters=1@127.0.0.1:" + controller,
                // as fast as it notices a dead producer's transaction
                "--kafka.transaction.abort.timed.out.transaction.cleanup.interval.ms=1000",
                "--kafka.listener.security.protocol.map=PLAINTEXT:PLAINTEXT,CONTROLLER:PLAINTEXT" + protocols);
    }

    Stack stack() {
        return stack;
    }

    /** {@code kill -9} of the emulator. */
    void acsAway() {
        stack.acs().kill();
    }

    /** Returns once it answers again. */
    void acsBack() {
        stack.acsBack("--quota=none", "--call-log=" + callLog);
        usualAcs();
    }

    /** ACS with a latency, and without faults. */
    void usualAcs() {
        stack.emulator().faults(LATENCY + "}");
    }

    /** Each call the emulator has ended so far. */
    Path callLog() {
        return callLog;
    }

    /** What each instance says of itself, beside its log. */
    void keepMetrics() throws IOException {
        for (Instance instance : members()) {
            BrokerApi admin = stack.admin(instance.process());
            Path file = FastStart.LOGS.resolve(instance.name() + ".metrics.txt");
            Files.writeString(file, admin.address() + "\n" + admin.health() + "\n" + admin.metrics());
        }
    }

    /** Those that are meant to run. */
    List<Instance> members() {
        return instances.subList(0, instances.size() - 1);
    }

    /** One that comes and goes. */
    Instance spare() {
        return instances.getLast();
    }

    @Override
    public void close() throws IOException {
        stack.close();
        for (Link link : links) {
            link.close();
        }
    }
}
