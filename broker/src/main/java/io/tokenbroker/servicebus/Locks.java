package io.tokenbroker.servicebus;

import io.micrometer.core.instrument.Counter;
import java.time.Clock;
import java.time.Duration;
import java.time.OffsetDateTime;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Supplier;
import reactor.core.publisher.Mono;
import reactor.core.scheduler.Schedulers;

/** Keeps what is locked for us locked while it is needed, however long that is. */
final class Locks {

    private static final Duration SHORTEST = Duration.ofMillis(250);

    private final Clock clock;
    private final Counter renewals;

    Locks(Clock clock, Counter renewals) {
        this.clock = clock;
        this.renewals = renewals;
    }

    /**
     * The work, with the lock renewed whenever half of what is left of it has passed.
     *
     * @param renew asks for more time; where it says that the lock is lost the work is given up with that error, other
     *     failures are tried again
     */
    Mono<Void> during(Mono<Void> work, OffsetDateTime until, Supplier<Mono<OffsetDateTime>> renew) {
        return Mono.defer(() -> {
            AtomicReference<OffsetDateTime> known = new AtomicReference<>(until);
            Mono<Void> keeping = Mono.defer(() -> Mono.delay(half(known.get()), Schedulers.boundedElastic()))
                    .then(Mono.defer(renew))
                    .doOnNext(next -> {
                        known.set(next);
                        renewals.increment();
                    })
                    .onErrorResume(fault -> BusFault.isLockLost(fault) ? Mono.error(fault) : Mono.empty())
                    .repeat()
                    .then();
            return Mono.firstWithSignal(work, keeping);
        });
    }

    private Duration half(OffsetDateTime until) {
        Duration left = Duration.between(clock.instant(), until.toInstant()).dividedBy(2);
        return left.compareTo(SHORTEST) < 0 ? SHORTEST : left;
    }
}
