package io.tokenbroker.kafka;

import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import org.jspecify.annotations.Nullable;
import org.springframework.boot.health.contributor.Health;
import reactor.core.Disposable;
import reactor.core.Disposables;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;

/** Asks again and again whether the views hold all that is committed, for the health of Kafka and of the directory. */
final class ViewFreshness {

    private static final Duration ASK_EVERY = Duration.ofSeconds(1);

    /** Without news for this long the directory is not known to be fresh. */
    private static final Duration STALE_AFTER = Duration.ofSeconds(10);

    private final KafkaDirectory directory;
    private final Clock clock;
    private final Disposable.Swap asking = Disposables.swap();
    private volatile @Nullable Instant answered;
    private volatile @Nullable Instant confirmed;

    ViewFreshness(KafkaDirectory directory, Clock clock) {
        this.directory = directory;
        this.clock = clock;
    }

    void start() {
        asking.update(Flux.interval(Duration.ZERO, ASK_EVERY)
                .onBackpressureDrop()
                .concatMap(tick -> ask(), 1)
                .subscribe());
    }

    void stop() {
        asking.dispose();
    }

    private Mono<Void> ask() {
        return directory
                .caughtUp(() -> answered = clock.instant())
                .doOnSuccess(nothing -> confirmed = clock.instant())
                .timeout(STALE_AFTER)
                .onErrorComplete();
    }

    /** Up while Kafka answers. */
    Health kafka() {
        return health(answered, "Kafka has not answered");
    }

    /** Up while the views are known to hold what was committed some seconds ago. */
    Health directory() {
        return health(confirmed, answered == null ? "Kafka has not answered" : "the views are being restored");
    }

    private Health health(@Nullable Instant last, String otherwise) {
        if (last == null) {
            return Health.outOfService().withDetail("reason", otherwise).build();
        }
        boolean fresh = last.isAfter(clock.instant().minus(STALE_AFTER));
        Health.Builder health = fresh ? Health.up() : Health.outOfService().withDetail("reason", otherwise);
        return health.withDetail("since", last.toString()).build();
    }
}
