package io.tokenbroker.kafka;

import java.time.Duration;
import org.springframework.context.SmartLifecycle;
import reactor.core.Disposable;
import reactor.core.Disposables;

/** Starts reading once everything is put together, and gives the partitions back before anything is taken apart. */
final class InputLifecycle implements SmartLifecycle {

    private static final Duration LONGEST_STOP = Duration.ofSeconds(20);

    private final InputReceiver receiver;
    private final GroupShare share;
    private final ViewFreshness freshness;
    private final RetentionSweep retention;
    private final LogLag lag;
    private final TopicGuard guard;
    private final Disposable.Swap guarding = Disposables.swap();
    private volatile boolean running;

    InputLifecycle(
            InputReceiver receiver,
            GroupShare share,
            ViewFreshness freshness,
            RetentionSweep retention,
            LogLag lag,
            TopicGuard guard) {
        this.receiver = receiver;
        this.share = share;
        this.freshness = freshness;
        this.retention = retention;
        this.lag = lag;
        this.guard = guard;
    }

    @Override
    public void start() {
        running = true;
        freshness.start();
        share.start();
        retention.start();
        lag.start();
        receiver.start();
        // a topic made anew, or with another number of partitions, would put users where nobody looks for them
        guarding.update(guard.findings().subscribe(found -> found.ifPresent(receiver::pause)));
    }

    @Override
    public void stop(Runnable stopped) {
        running = false;
        guarding.dispose();
        share.stop();
        retention.stop();
        lag.stop();
        freshness.stop();
        receiver.stop()
                .timeout(LONGEST_STOP)
                .onErrorComplete()
                .doFinally(end -> stopped.run())
                .subscribe();
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
}
