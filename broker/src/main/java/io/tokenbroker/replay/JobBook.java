package io.tokenbroker.replay;

import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import org.jspecify.annotations.Nullable;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;
import reactor.core.publisher.Sinks;

/**
 * All jobs, and what callers want of them, as the {@code replay-jobs} topic tells. A job that is asked for while another
 * of its mode is not over is refused: the order in the topic says so, on every instance alike. Thread-safe.
 */
public final class JobBook {

    private static final long NOT_YET = Long.MAX_VALUE;

    /**
     * @param askedAt the offset of the request
     * @param refusal why it is none, before its runner has said so; {@code null} where it is
     * @param overAt the offset that tells it is over
     */
    private record Page(
            ReplayRequest request,
            long askedAt,
            @Nullable String refusal,
            @Nullable Job job,
            long savedAt,
            long overAt,
            @Nullable Wish wish) {

        static Page of(ReplayRequest request, long askedAt, @Nullable String refusal) {
            return new Page(request, askedAt, refusal, null, -1, NOT_YET, null);
        }

        Job known() {
            if (job != null) {
                return job;
            }
            Job asked = Job.of(request);
            return refusal == null ? asked : asked.failed(refusal, request.startedOn());
        }

        Page with(Wish latest) {
            return new Page(request, askedAt, refusal, job, savedAt, overAt, latest);
        }

        /** What was asked for stays as it was: a job that is over may have been saved without. */
        Page with(Job saved, long offset) {
            long over = saved.state().isOver() ? Math.min(overAt, offset) : NOT_YET;
            return new Page(request, askedAt, refusal, saved.with(request), offset, over, wish);
        }

        /** Whether it was under way when the topic had come to that offset. */
        boolean isInTheWay(Mode mode, long offset) {
            return refusal == null && request.mode() == mode && askedAt < offset && offset < overAt;
        }
    }

    private final Map<String, Page> pages = new ConcurrentHashMap<>();
    private final List<Runnable> listeners = new CopyOnWriteArrayList<>();
    private final Sinks.Many<String> changes = Sinks.many().multicast().directBestEffort();

    /** In the order of the topic. */
    public void requested(ReplayRequest request, long offset) {
        String refusal = pages.values().stream()
                .filter(page -> page.isInTheWay(request.mode(), offset))
                .findFirst()
                .map(page -> "job " + page.request().id() + " of this mode was asked for before, and was not over")
                .orElse(null);
        pages.putIfAbsent(request.id(), Page.of(request, offset, refusal));
        tell(request.id());
    }

    public void wished(Wish wish) {
        pages.computeIfPresent(wish.job(), (id, page) -> page.with(wish));
        tell(wish.job());
    }

    /** Comes twice to the instance that runs the job, of which the offset tells; an older one changes nothing. */
    public void saved(Job job, long offset) {
        pages.compute(job.id(), (id, page) -> {
            Page before = page == null ? Page.of(job.request(), offset, null) : page;
            return offset <= before.savedAt() ? before : before.with(job, offset);
        });
        tell(job.id());
    }

    /** Nobody will ask for that job any more. */
    public void forgotten(String id) {
        pages.remove(id);
        tell(id);
    }

    public Optional<Job> find(String id) {
        return Optional.ofNullable(pages.get(id)).map(Page::known);
    }

    /** The latest first. */
    public List<Job> all() {
        return pages.values().stream()
                .map(Page::known)
                .sorted(Comparator.comparing((Job job) -> job.request().startedOn())
                        .thenComparing(Job::id)
                        .reversed())
                .toList();
    }

    /** Why the job was refused as soon as it was asked for; empty where it was not. */
    Optional<String> refusalOf(String id) {
        return Optional.ofNullable(pages.get(id)).flatMap(page -> Optional.ofNullable(page.refusal()));
    }

    /** Those refused of which the topic does not say so. */
    List<Job> refusedUnsaid() {
        return pages.values().stream()
                .filter(page -> page.refusal() != null && page.job() == null)
                .map(Page::known)
                .toList();
    }

    Optional<Wish> wishOf(String id) {
        return Optional.ofNullable(pages.get(id)).flatMap(page -> Optional.ofNullable(page.wish()));
    }

    /** The job as it is, and again at each change; who is slow misses some, never the newest. Ends when the job is over. */
    public Flux<Job> follow(String id) {
        return changes.asFlux()
                .filter(id::equals)
                .mergeWith(Mono.just(id))
                .onBackpressureLatest()
                .mapNotNull(changed -> find(changed).orElse(null))
                .distinctUntilChanged()
                .takeUntil(job -> job.state().isOver());
    }

    /** To be told, after the change, that there was one; must be quick, and never throw. */
    void listen(Runnable listener) {
        listeners.add(listener);
    }

    private synchronized void tell(String id) {
        changes.tryEmitNext(id);
        listeners.forEach(Runnable::run);
    }
}
