package io.tokenbroker.replay;

import reactor.core.publisher.Mono;

/** What callers want, durably, whichever instance they ask: the one that runs the jobs reads it. */
public interface JobLog {

    Mono<Void> append(ReplayRequest request);

    Mono<Void> append(Wish wish);
}
