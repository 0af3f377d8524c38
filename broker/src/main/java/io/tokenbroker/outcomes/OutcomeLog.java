package io.tokenbroker.outcomes;

import reactor.core.publisher.Mono;

/** Where outcomes outside the pipeline's own transactions are written. */
public interface OutcomeLog {

    /** Completes once the outcome is durable in {@code token-events}. */
    Mono<Void> append(Outcome outcome);
}
