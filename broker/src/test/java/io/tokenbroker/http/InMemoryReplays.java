package io.tokenbroker.http;

import io.tokenbroker.intake.FieldError;
import io.tokenbroker.replay.Job;
import io.tokenbroker.replay.JobBook;
import io.tokenbroker.replay.JobLog;
import io.tokenbroker.replay.JobState;
import io.tokenbroker.replay.LogRanges;
import io.tokenbroker.replay.ReplayRequest;
import io.tokenbroker.replay.ScanRange;
import io.tokenbroker.replay.Wish;
import java.time.Instant;
import java.util.List;
import java.util.concurrent.atomic.AtomicLong;
import reactor.core.publisher.Mono;

/** What callers want of replays, entered into the book at once and done as far as states go. The log has records from 10 to 100. */
final class InMemoryReplays implements JobLog, LogRanges {

    static final Instant TOO_EARLY = Instant.parse("2000-01-01T00:00:00Z");

    final JobBook book = new JobBook();
    private final AtomicLong saved = new AtomicLong();

    @Override
    public Mono<Void> append(ReplayRequest request) {
        return Mono.fromRunnable(() -> book.requested(request, saved.incrementAndGet()));
    }

    @Override
    public Mono<Void> append(Wish wish) {
        return Mono.fromRunnable(() -> {
            book.wished(wish);
            book.find(wish.job())
                    .ifPresent(job -> save(
                            job,
                            switch (wish.want()) {
                                case RUN -> JobState.SCANNING;
                                case PAUSE -> JobState.PAUSED;
                                case CANCEL -> JobState.CANCELLED;
                            }));
        });
    }

    /** Nothing is under way any more. */
    void endAll() {
        book.all().forEach(job -> save(job, JobState.COMPLETED));
    }

    private void save(Job job, JobState state) {
        book.saved(new Job(job.request(), state, null, null, null, null, job.events()), saved.incrementAndGet());
    }

    @Override
    public Mono<Resolution> resolve(Log log, Bound from, Bound to, boolean acceptGap) {
        if (log == Log.DEAD_LETTERS) {
            return Mono.just(
                    new Resolution.Resolved(new ScanRange("dead-letters-1", List.of(new ScanRange.Span(0, 0, 7)))));
        }
        if (from instanceof Bound.At at && at.time().equals(TOO_EARLY) && !acceptGap) {
            return Mono.just(new Resolution.Gap(List.of("partition 0 begins at 10")));
        }
        if (from instanceof Bound.Offsets offsets && offsets.byPartition().containsValue(1_000L)) {
            return Mono.just(new Resolution.Invalid(List.of(new FieldError("/from/offsets/0", "1000", "10 to 100"))));
        }
        return Mono.just(new Resolution.Resolved(new ScanRange("topic-1", List.of(new ScanRange.Span(0, 10, 100)))));
    }
}
