package io.tokenbroker.pipeline;

import io.tokenbroker.lifecycle.Step;
import io.tokenbroker.lifecycle.StepResult;
import reactor.core.publisher.Mono;

/** ACS, as the lanes need it: one call at a time under the quota, the concurrency bound and the outage gate. */
public interface IdentityCalls {

    /** The subscriber's context has here the trace context of the event that the call is made for, where it had one. */
    String TRACEPARENT = "traceparent";

    /** Who is waiting: interactive calls go first, replay last. */
    enum Priority {
        INTERACTIVE,
        LIVE,
        REPLAY
    }

    /**
     * Waits for its turn, runs {@code beforeCall}, and only then calls ACS. Waiting ends by itself: over the quota, after
     * a 429, under wrong credentials or while ACS cannot be reached the call stays in the queue, and neither counts as a
     * failure. Cancelling before {@code beforeCall} was subscribed leaves no trace; cancelling later does not take the
     * call back.
     *
     * @param callId tells this call from all others, here and at ACS, which knows it as the client's request id
     * @param beforeCall subscribed once per turn-taking, immediately before the call; its error is the result's
     * @return the answer, or an {@link io.tokenbroker.lifecycle.AcsFault} of kind {@code RETRIABLE} or {@code REFUSED}
     */
    Mono<StepResult> call(Step step, Priority priority, String callId, Mono<Void> beforeCall);

    /**
     * How many calls of all kinds the resource that this step goes to has answered with success since the start; moves
     * only while that resource works.
     */
    long answered(Step step);
}
