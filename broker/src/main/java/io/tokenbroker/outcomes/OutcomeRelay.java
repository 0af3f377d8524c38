package io.tokenbroker.outcomes;

import io.cloudevents.CloudEvent;
import java.util.List;
import java.util.function.Function;
import reactor.core.publisher.Mono;

/**
 * All committed outcomes, for whoever passes them on to somewhere else. Each is handed over at least once and those of a
 * user in their order, whatever crashes; what is confirmed is not handed over again, but for a crash just then.
 */
public interface OutcomeRelay {

    /**
     * Begins where those of that name stopped, or with the oldest there is. Instances that use the same name share the
     * work.
     *
     * @param to passes on a list, and ends when all of it is safe; nothing more is handed over meanwhile. It may take as
     *     long as it likes. Where it fails, the list is handed over again
     */
    Relaying begin(String name, Function<List<CloudEvent>, Mono<Void>> to);

    /** What has begun. */
    interface Relaying extends AutoCloseable {

        /** How many outcomes of this instance's part are not passed on yet. */
        long lag();

        /** Returns when nothing more is handed over; takes some seconds at most. */
        @Override
        void close();
    }
}
