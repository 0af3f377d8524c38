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

/** All jobs, and what callers want of them, as the {@code replay-jobs} topic tells. Thread-safe. */
public final class JobBook {

    private record Page(
            @Nullable ReplayRequest request,
            @Nullable Job job,
            long savedAt,
            @Nullable Wish wish) {

        static final Page EMPTY = new Page(null, null, -1, null);

        Optional<Job> known() {
            return job != null ? Optional.of(job) : Optional.ofNullable(request).map(Job::of);
        }
    }

    private final Map<String, Page> pages = new ConcurrentHashMap<>();
    private final List<Runnable> listeners = new CopyOnWriteArrayList<>();
    private final Sinks.Many<String> changes = Sinks.many().multicast().directBestEffort();

    public void requested(ReplayRequest request) {
        pages.compute(request.id(), (id, page) -> {
            Page before = page == null ? Page.EMPTY : page;
            return new Page(request, before.job(), before.savedAt(), before.wish());
        });
        tell(request.id());
    }

    public void wished(Wish wish) {
        pages.compute(wish.job(), (id, page) -> {
            Page before = page == null ? Page.EMPTY : page;
            return new Page(before.request(), before.job(), before.savedAt(), wish);
        });
        tell(wish.job());
    }

    /** Comes twice to the instance that runs the job, of which the offset tells; an older one changes nothing. */
    public void saved(Job job, long offset) {
        pages.compute(job.id(), (id, page) -> {
            Page before = page == null ? Page.EMPTY : page;
            return offset <= before.savedAt() ? before : new Page(job.request(), job, offset, before.wish());
        });
        tell(job.id());
    }

    public Optional<Job> find(String id) {
        return Optional.ofNullable(pages.get(id)).flatMap(Page::known);
    }

    /** The latest first. */
    public List<Job> all() {
        return pages.values().stream()
                .flatMap(page -> page.known().stream())
                .sorted(Comparator.comparing((Job job) -> job.request().startedOn())
                        .thenComparing(Job::id)
                        .reversed())
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
