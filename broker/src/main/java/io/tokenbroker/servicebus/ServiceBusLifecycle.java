package io.tokenbroker.servicebus;

import io.tokenbroker.outcomes.OutcomeRelay;
import java.time.Duration;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.springframework.boot.health.contributor.Health;
import org.springframework.context.SmartLifecycle;
import reactor.core.publisher.Mono;
import reactor.core.scheduler.Schedulers;

/** Starts what is configured once everything is put together, and stops it before anything is taken apart. */
final class ServiceBusLifecycle implements SmartLifecycle {

    /** The name of the group that passes outcomes on. */
    static final String GROUP = "servicebus-out";

    private static final Duration LONGEST_STOP = Duration.ofSeconds(5);

    private final @Nullable Inbound in;
    private final @Nullable Outbound out;
    private final OutcomeRelay relay;
    private volatile OutcomeRelay.@Nullable Relaying relaying;
    private volatile boolean running;

    ServiceBusLifecycle(@Nullable Inbound in, @Nullable Outbound out, OutcomeRelay relay) {
        this.in = in;
        this.out = out;
        this.relay = relay;
    }

    @Override
    public void start() {
        running = true;
        if (in != null) {
            in.start();
        }
        if (out != null) {
            relaying = relay.begin(GROUP, out::send);
        }
    }

    @Override
    public void stop(Runnable stopped) {
        running = false;
        Mono<Void> settled = in == null ? Mono.empty() : in.stop(LONGEST_STOP);
        Mono.when(settled, Mono.fromRunnable(this::stopSending).subscribeOn(Schedulers.boundedElastic()))
                .doFinally(end -> stopped.run())
                .subscribe();
    }

    private void stopSending() {
        OutcomeRelay.Relaying begun = relaying;
        if (begun != null) {
            begun.close();
        }
        if (out != null) {
            out.close();
        }
    }

    /** The container calls the one that can wait; this one does not. */
    @Override
    public void stop() {
        stop(() -> {});
    }

    @Override
    public boolean isRunning() {
        return running;
    }

    long lag() {
        OutcomeRelay.Relaying begun = relaying;
        return begun == null ? 0 : begun.lag();
    }

    /** Why something that is configured does not go; empty while all of it does. */
    Optional<String> trouble() {
        Optional<String> inward = in == null ? Optional.empty() : in.trouble();
        return inward.or(() -> out == null ? Optional.empty() : out.trouble());
    }

    /** Down while something that is configured does not go. */
    Health health() {
        return (trouble().isPresent() ? Health.down() : Health.up())
                .withDetail("in", in == null ? "off" : in.trouble().orElse("up"))
                .withDetail("out", out == null ? "off" : out.trouble().orElse("up"))
                .build();
    }
}
