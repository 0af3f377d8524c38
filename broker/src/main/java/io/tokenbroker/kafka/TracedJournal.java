package io.tokenbroker.kafka;

import io.tokenbroker.directory.EventRef;
import io.tokenbroker.directory.UserId;
import io.tokenbroker.outcomes.Outcome;
import io.tokenbroker.pipeline.PartitionJournal;
import io.tokenbroker.pipeline.Transaction;
import io.tokenbroker.traces.Traces;
import java.util.ArrayList;
import java.util.List;
import reactor.core.publisher.Mono;

/** A journal whose transactions are told in the traces of the events they are of: one span for each outcome. */
final class TracedJournal implements PartitionJournal {

    private final PartitionJournal journal;
    private final String topic;
    private final Traces traces;

    /** @param topic the outcomes' */
    TracedJournal(PartitionJournal journal, String topic, Traces traces) {
        this.journal = journal;
        this.topic = topic;
        this.traces = traces;
    }

    @Override
    public Mono<Void> commit(Transaction transaction) {
        return Mono.defer(() -> {
            List<Traces.Span> spans = new ArrayList<>();
            List<Outcome> outcomes = transaction.outcomes().stream()
                    .map(outcome -> traced(outcome, spans))
                    .toList();
            return journal.commit(transaction.with(outcomes))
                    .doOnSuccess(done -> spans.forEach(Traces.Span::end))
                    .doOnError(error ->
                            spans.forEach(span -> span.fail(error.getClass().getSimpleName())));
        });
    }

    private Outcome traced(Outcome outcome, List<Traces.Span> spans) {
        EventRef cause = outcome.cause();
        if (cause == null) {
            return outcome;
        }
        Traces.Span span = traces.begin(Traces.Kind.PRODUCER, topic + " send", cause.traceparent())
                .note("messaging.system", "kafka")
                .note("messaging.operation.type", "send")
                .note("messaging.destination.name", topic)
                .note("cloudevents.event_id", outcome.id())
                .note("cloudevents.event_type", outcome.event().type());
        spans.add(span);
        return outcome.goingBackTo(cause.in(span.traceparent()));
    }

    @Override
    public boolean owns(UserId userId) {
        return journal.owns(userId);
    }

    @Override
    public Mono<Void> close() {
        return journal.close();
    }
}
