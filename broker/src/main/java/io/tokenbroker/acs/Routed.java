package io.tokenbroker.acs;

import io.tokenbroker.lifecycle.AcsFault;
import java.util.List;
import java.util.function.Function;
import java.util.function.Supplier;
import reactor.core.publisher.Mono;

/**
 * Something asked of ACS, and the resources that may be the one to do it. They are asked one after the other, each in a
 * turn of its own, until one does not disown the identity.
 */
final class Routed<T> {

    /** The code with which a resource disowns an identity. */
    static final String DISOWNED = "IdentityNotOwned";

    /** @param remote the call to this one resource; errors are {@link Failure}s */
    record Attempt<T>(ResourceName resource, Mono<T> remote) {}

    private final Supplier<List<Attempt<T>>> attempts;

    /** @param attempts at least one; looked up each time, as what is known of the resources grows */
    Routed(Supplier<List<Attempt<T>>> attempts) {
        this.attempts = attempts;
    }

    static <T> Routed<T> to(ResourceName resource, Mono<T> remote) {
        List<Attempt<T>> only = List.of(new Attempt<>(resource, remote));
        return new Routed<>(() -> only);
    }

    /** What {@code change} makes of the call, whichever resource it goes to. */
    <R> Routed<R> with(Function<Mono<T>, Mono<R>> change) {
        return new Routed<>(() -> attempts.get().stream()
                .map(attempt -> new Attempt<>(attempt.resource(), change.apply(attempt.remote())))
                .toList());
    }

    List<ResourceName> resources() {
        return attempts.get().stream().map(Attempt::resource).toList();
    }

    /** @param turn makes a call when its turn has come */
    Mono<T> through(Function<Attempt<T>, Mono<T>> turn) {
        return Mono.defer(() -> {
            List<Attempt<T>> inOrder = attempts.get();
            Mono<T> result = turn.apply(inOrder.getFirst());
            for (Attempt<T> next : inOrder.subList(1, inOrder.size())) {
                result = result.onErrorResume(Routed::disowned, error -> turn.apply(next));
            }
            return result;
        });
    }

    static boolean disowned(Throwable error) {
        return switch (error) {
            case Failure failure -> failure.code().equals(DISOWNED);
            case AcsFault fault -> fault.code().equals(DISOWNED);
            default -> false;
        };
    }
}
