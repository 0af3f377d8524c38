package io.tokenbroker.pipeline;

import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.tokenbroker.directory.AcsIdentityId;
import io.tokenbroker.directory.CreateIntents;
import io.tokenbroker.directory.DirectoryEntry;
import io.tokenbroker.directory.DirectoryView;
import io.tokenbroker.directory.UserId;
import io.tokenbroker.events.OutcomeEvent;
import io.tokenbroker.lifecycle.IdentityOwnership;
import io.tokenbroker.lifecycle.Rules;
import io.tokenbroker.lifecycle.TokenDefaults;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.function.BiFunction;
import org.jspecify.annotations.Nullable;
import reactor.core.publisher.Mono;
import reactor.core.publisher.Sinks;
import reactor.test.scheduler.VirtualTimeScheduler;

/** One partition's pipeline in virtual time, with an ACS and a Kafka that outlive it. */
final class Rig {

    static final Duration INTERVAL = Duration.ofMillis(10);
    static final Duration DRAIN = Duration.ofSeconds(5);
    static final PipelineSettings.RetryPolicy PATIENT =
            new PipelineSettings.RetryPolicy(3, Duration.ofMillis(100), Duration.ofSeconds(10));
    /** Without a random wait, so that a seed tells everything. */
    static final PipelineSettings.RetryPolicy AT_ONCE =
            new PipelineSettings.RetryPolicy(1_000, Duration.ofNanos(1), Duration.ofNanos(1));

    private static final TokenDefaults DEFAULTS = new TokenDefaults(true, Set.of("chat"), 1440);

    final VirtualTimeScheduler time = VirtualTimeScheduler.create();
    final Acs acs = new Acs(time);
    final Cluster cluster = new Cluster(time);
    final InputLog log = new InputLog();
    final Rules rules = new Rules(DEFAULTS, new Ownership(new DirectoryView()));
    final Instance instance;

    private final PipelineSettings settings;
    private final BiFunction<VirtualTimeScheduler, Acs.Client, IdentityCalls> connection;
    private @Nullable Instance running;

    Rig() {
        this(100, PATIENT);
    }

    Rig(int maxAdmitted, PipelineSettings.RetryPolicy retry) {
        this(maxAdmitted, retry, (time, client) -> client);
    }

    /** @param connection what an instance has between its pipeline and ACS */
    Rig(
            int maxAdmitted,
            PipelineSettings.RetryPolicy retry,
            BiFunction<VirtualTimeScheduler, Acs.Client, IdentityCalls> connection) {
        this.connection = connection;
        settings = new PipelineSettings(maxAdmitted, INTERVAL, DRAIN, retry);
        instance = new Instance();
    }

    /** Another instance of the broker, or the same after a crash; owns nothing yet. */
    Instance another() {
        return new Instance();
    }

    /** One process of the broker. */
    final class Instance {

        final DirectoryView view = new DirectoryView();
        final CreateIntents intents = new CreateIntents();
        final SimpleMeterRegistry metrics = new SimpleMeterRegistry();
        final Acs.Client client = acs.new Client();
        final List<Throwable> failures = new ArrayList<>();
        final Pipeline pipeline;
        private @Nullable OwnedPartition partition;
        private Cluster.@Nullable Journal journal;

        Instance() {
            pipeline = new Pipeline(
                    new Rules(DEFAULTS, new Ownership(view)),
                    view,
                    intents,
                    connection.apply(time, client),
                    settings,
                    metrics,
                    new VirtualClock(time),
                    time);
        }

        /** Takes the partition over, restored; records come when {@link #read} is called. */
        Instance own() {
            return own(Mono.fromRunnable(() -> cluster.restore(view, intents)));
        }

        Instance own(Mono<Void> restored) {
            journal = cluster.open(view, intents);
            // before it begins, as its first transaction may be over when assign returns
            running = this;
            partition = pipeline.assign(0, journal, cluster.watermark, restored, failures::add);
            return this;
        }

        OwnedPartition partition() {
            return Objects.requireNonNull(partition);
        }

        Cluster.Journal journal() {
            return Objects.requireNonNull(journal);
        }

        /** Everything from the committed watermark on. */
        void read() {
            log.from(cluster.watermark).forEach(this::accept);
        }

        void accept(Arrival arrival) {
            partition().accept(arrival);
        }

        void die() {
            client.die();
            journal().die();
        }

        long inside() {
            return pipeline.admission().inside();
        }
    }

    /** Owns the partition and reads what comes from now on. */
    Rig started() {
        instance.own();
        return this;
    }

    Instance running() {
        return Objects.requireNonNull(running);
    }

    /** Appends nothing; hands what was appended to the running instance. */
    Rig send(Arrival... arrivals) {
        for (Arrival arrival : arrivals) {
            running().accept(arrival);
        }
        return this;
    }

    Rig pass(Duration duration) {
        time.advanceTimeBy(duration);
        return this;
    }

    /** Long enough for all that can settle. */
    Rig settle() {
        return pass(Duration.ofMinutes(10));
    }

    Optional<DirectoryEntry> entry(String user) {
        return Optional.ofNullable(cluster.entries.get(new UserId(user)));
    }

    DirectoryEntry known(String user) {
        return entry(user).orElseThrow(() -> new AssertionError("no entry of " + user));
    }

    List<String> outcomesOf(String user) {
        return cluster.outcomes.stream()
                .map(outcome -> outcome.event())
                .filter(event -> event.userId().equals(user))
                .map(OutcomeEvent::type)
                .map(type -> type.replace("tokenbroker.", "").replace(".v1", ""))
                .toList();
    }

    /** Completes with the drain. */
    static Sinks.Empty<Void> watch(Mono<Void> mono) {
        Sinks.Empty<Void> done = Sinks.empty();
        mono.subscribe(nothing -> {}, done::tryEmitError, done::tryEmitEmpty);
        return done;
    }

    private record Ownership(DirectoryView view) implements IdentityOwnership {
        @Override
        public boolean isForeign(AcsIdentityId identityId) {
            return false;
        }

        @Override
        public Optional<UserId> holderOf(AcsIdentityId identityId) {
            return view.holderOf(identityId);
        }
    }

    private static final class VirtualClock extends Clock {
        private final VirtualTimeScheduler time;

        VirtualClock(VirtualTimeScheduler time) {
            this.time = time;
        }

        @Override
        public ZoneId getZone() {
            return ZoneOffset.UTC;
        }

        @Override
        public Clock withZone(ZoneId zone) {
            throw new UnsupportedOperationException();
        }

        @Override
        public Instant instant() {
            return InputLog.NINE.plusNanos(time.now(TimeUnit.NANOSECONDS));
        }
    }
}
