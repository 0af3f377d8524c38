package io.tokenbroker.acs;

import io.tokenbroker.pipeline.IdentityCalls;
import io.tokenbroker.traces.Traces;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import reactor.core.publisher.Mono;
import reactor.util.context.ContextView;

/** A call to ACS as part of the trace of the event it is made for. */
final class TracedCall {

    private TracedCall() {}

    /** Each subscription is an attempt, and has a span of its own. */
    static <T> Mono<T> of(Traces traces, Operation operation, String callId, Mono<T> call) {
        if (!traces.areOn()) {
            return call;
        }
        return Mono.deferContextual(context -> {
            Traces.Span span = traces.begin(Traces.Kind.CLIENT, "acs " + operation.settingName(), cause(context))
                    .note("az.namespace", "Microsoft.Communication")
                    .note("az.client_request_id", callId);
            return call.doOnSuccess(answer -> span.end())
                    .doOnError(error -> span.fail(Failure.of(error).outcome()))
                    .doOnCancel(span::end);
        });
    }

    private static @Nullable String cause(ContextView context) {
        Optional<String> traceparent = context.getOrEmpty(IdentityCalls.TRACEPARENT);
        return traceparent.orElse(null);
    }
}
