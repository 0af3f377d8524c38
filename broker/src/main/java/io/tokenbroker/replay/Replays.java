package io.tokenbroker.replay;

import java.time.Clock;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.function.Predicate;
import java.util.function.Supplier;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;

/** Replays, for callers of any instance. */
public final class Replays {

    /** How long a caller waits to see what they wanted come true. */
    private static final Duration PATIENCE = Duration.ofSeconds(5);

    /** What came of a caller's wish. */
    public sealed interface Result {

        /** As the job is now; where it takes long, not yet as was wanted. */
        record Done(Job job) implements Result {}

        /** There is no such job. */
        record Unknown() implements Result {}

        /** Not as the job, or another one, is. */
        record Conflict(String why) implements Result {}
    }

    private final JobBook book;
    private final JobLog log;
    private final Clock clock;

    public Replays(JobBook book, JobLog log, Clock clock) {
        this.book = book;
        this.log = log;
        this.clock = clock;
    }

    /** Answers once the job is durable and known here. */
    public Mono<Result> start(ReplayRequest request) {
        Optional<Job> other = book.all().stream()
                .filter(job -> job.request().mode() == request.mode())
                .filter(job -> !job.state().isOver())
                .findFirst();
        if (other.isPresent()) {
            return Mono.just(new Result.Conflict("job " + other.get().id() + " of this mode is "
                    + other.get().state().wireName() + "; allowed: one at a time"));
        }
        return log.append(request)
                // durable, so there is a job, though this instance may not have read of it yet
                .then(seen(request.id(), job -> true, () -> Optional.of(Job.of(request))))
                // another instance was asked at the same moment, and its request is the earlier one
                .map(done -> book.refusalOf(request.id())
                        .<Result>map(Result.Conflict::new)
                        .orElse(done));
    }

    public Mono<Result> pause(String id, String by) {
        return wish(id, Wish.Want.PAUSE, by, job -> job.state() == JobState.PAUSED);
    }

    public Mono<Result> resume(String id, String by) {
        return wish(id, Wish.Want.RUN, by, job -> job.state() != JobState.PAUSED);
    }

    public Mono<Result> cancel(String id, String by) {
        return wish(id, Wish.Want.CANCEL, by, job -> job.state() == JobState.CANCELLED);
    }

    public Optional<Job> find(String id) {
        return book.find(id);
    }

    /** The latest first. */
    public List<Job> all() {
        return book.all();
    }

    /** The job as it is, and again at each change, until it is over. */
    public Flux<Job> follow(String id) {
        return book.follow(id);
    }

    private Mono<Result> wish(String id, Wish.Want want, String by, Predicate<Job> fulfilled) {
        return Mono.defer(() -> {
            Optional<Job> job = book.find(id);
            if (job.isEmpty()) {
                return Mono.just(new Result.Unknown());
            }
            Optional<String> conflict = conflict(job.get(), want);
            return conflict.isPresent()
                    ? Mono.just(new Result.Conflict(conflict.get()))
                    : log.append(new Wish(id, want, by, clock.instant())).then(seen(id, fulfilled, Optional::empty));
        });
    }

    private Optional<String> conflict(Job job, Wish.Want want) {
        if (job.state().isOver()) {
            return Optional.of("the job is " + job.state().wireName() + " already");
        }
        boolean paused = book.wishOf(job.id())
                .filter(wish -> wish.want() == Wish.Want.PAUSE)
                .isPresent();
        return switch (want) {
            case PAUSE -> paused ? Optional.of("the job is paused already") : Optional.empty();
            case RUN ->
                paused
                        ? Optional.empty()
                        : Optional.of("the job is " + job.state().wireName() + ", not paused");
            case CANCEL -> Optional.empty();
        };
    }

    /** @param unread what is answered where the book has nothing of the job when patience ends */
    private Mono<Result> seen(String id, Predicate<Job> fulfilled, Supplier<Optional<Job>> unread) {
        return book.follow(id)
                .filter(job -> fulfilled.test(job) || job.state().isOver())
                .next()
                .timeout(
                        PATIENCE,
                        Mono.defer(() -> Mono.justOrEmpty(book.find(id).or(unread))))
                .<Result>map(Result.Done::new)
                .defaultIfEmpty(new Result.Unknown());
    }
}
