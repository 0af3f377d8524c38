package io.tokenbroker.kafka;

import reactor.core.publisher.BaseSubscriber;

/** Whoever waits for a view and throws when told of it, on the thread that reads the view. */
final class Thrower extends BaseSubscriber<Void> {

    @Override
    protected void hookOnComplete() {
        throw new IllegalStateException("nobody expects this");
    }
}
