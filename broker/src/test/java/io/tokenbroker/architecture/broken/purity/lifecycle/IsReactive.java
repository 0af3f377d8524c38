package io.tokenbroker.architecture.broken.purity.lifecycle;

/** Breaks a rule on purpose. */
public final class IsReactive {
    reactor.core.publisher.Mono<Void> later() {
        return reactor.core.publisher.Mono.empty();
    }
}
