package io.tokenbroker.http;

import io.tokenbroker.directory.LogPosition;
import io.tokenbroker.pipeline.DeadLetters;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import org.jspecify.annotations.Nullable;
import reactor.core.publisher.Mono;

/** Dead letters of one partition, in the order they were added. */
final class InMemoryDeadLetters implements DeadLetters {

    private final List<Listed> all = new CopyOnWriteArrayList<>();

    void add(Listed listed) {
        all.add(listed);
    }

    void reset() {
        all.clear();
    }

    @Override
    public Mono<Page> list(@Nullable Place from, int limit) {
        long start = from == null ? 0 : from.offset();
        List<Listed> rest =
                all.stream().filter(one -> one.place().offset() >= start).toList();
        Place next = rest.size() > limit ? rest.get(limit).place() : null;
        return Mono.just(new Page(rest.stream().limit(limit).toList(), next));
    }

    @Override
    public Mono<LogPosition> redrive(Place place) {
        return Mono.justOrEmpty(all.stream()
                .filter(one -> one.place().equals(place) && one.withBytes())
                .map(one -> new LogPosition("lifecycle", one.origin().partition(), 1_000 + place.offset()))
                .findFirst());
    }
}
