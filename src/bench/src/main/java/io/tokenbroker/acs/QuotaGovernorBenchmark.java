package io.tokenbroker.acs;

import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.tokenbroker.pipeline.IdentityCalls.Priority;
import java.time.Clock;
import java.util.ArrayDeque;
import java.util.Arrays;
import java.util.Deque;
import java.util.concurrent.TimeUnit;
import java.util.function.Function;
import java.util.stream.Collectors;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.Warmup;
import reactor.core.publisher.Mono;
import reactor.core.publisher.MonoSink;
import reactor.core.publisher.Sinks;
import reactor.core.scheduler.Schedulers;

/**
 * A call is answered, the next one has its turn, and a new one comes, with 500 in flight and 10,000 waiting: the
 * governor beside Reactor's {@code flatMap} of the same concurrency, which knows no quota and no priority.
 */
@State(Scope.Thread)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
@Fork(1)
@Warmup(iterations = 3, time = 1)
@Measurement(iterations = 5, time = 1)
public class QuotaGovernorBenchmark {

    private static final int IN_FLIGHT = 500;
    private static final int WAITING = 10_000;
    /** As a thousand calls a second would let it pass; a real clock would count millions of calls into one window. */
    private static final long NANOS_PER_CALL = TimeUnit.MILLISECONDS.toNanos(1);

    private static final int QUOTA = 1_000_000;
    private static final ResourceName RESOURCE = new ResourceName("example.communication.azure.com", true);

    private final Deque<MonoSink<Boolean>> governed = new ArrayDeque<>();
    private final Deque<MonoSink<Boolean>> flatMapped = new ArrayDeque<>();
    private final Sinks.Many<Mono<Boolean>> waiting = Sinks.many().unicast().onBackpressureBuffer();
    private final QuotaGovernor governor;
    private long now;

    public QuotaGovernorBenchmark() {
        governor = new QuotaGovernor(
                Arrays.stream(Operation.values()).collect(Collectors.toMap(Function.identity(), operation -> QUOTA)),
                IN_FLIGHT,
                Schedulers.immediate(),
                () -> now,
                Clock.systemUTC(),
                () -> 0.5,
                new GovernorMeters(new SimpleMeterRegistry()));
        var unused = waiting.asFlux().flatMap(call -> call, IN_FLIGHT).subscribe();
        for (int i = 0; i < IN_FLIGHT + WAITING; i++) {
            govern();
            flatMap();
        }
    }

    private void govern() {
        var unused = governor.call(
                        RESOURCE,
                        Operation.CREATE,
                        Priority.LIVE,
                        Mono.empty(),
                        Mono.<Boolean>create(governed::addLast))
                .subscribe();
    }

    private void flatMap() {
        waiting.emitNext(Mono.create(flatMapped::addLast), Sinks.EmitFailureHandler.FAIL_FAST);
    }

    @Benchmark
    public int governor() {
        now += NANOS_PER_CALL;
        governed.removeFirst().success(true);
        govern();
        return governed.size();
    }

    @Benchmark
    public int reference() {
        flatMapped.removeFirst().success(true);
        flatMap();
        return flatMapped.size();
    }
}
