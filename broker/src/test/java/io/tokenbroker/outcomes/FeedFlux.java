package io.tokenbroker.outcomes;

import io.tokenbroker.outcomes.OutcomeFeed.Item;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;
import reactor.core.publisher.Flux;
import reactor.core.publisher.FluxSink;

/** A reader that reads as its subscriber asks. */
public final class FeedFlux {

    private final FluxSink<Item> sink;
    private final AtomicInteger turns = new AtomicInteger(1);
    private OutcomeFeed.@Nullable Reader reader;

    private FeedFlux(FluxSink<Item> sink) {
        this.sink = sink;
    }

    public static Flux<Item> of(OutcomeFeed feed, @Nullable FeedPosition after, Wanted wanted) {
        return Flux.create(
                sink -> {
                    FeedFlux flux = new FeedFlux(sink);
                    OutcomeFeed.Reader reader = feed.open(after, wanted, flux::drain);
                    flux.reader = reader;
                    sink.onRequest(more -> flux.drain());
                    sink.onDispose(reader::close);
                    flux.take();
                },
                FluxSink.OverflowStrategy.ERROR);
    }

    private void drain() {
        if (turns.getAndIncrement() == 0) {
            take();
        }
    }

    private void take() {
        int missed = 1;
        while (missed != 0) {
            OutcomeFeed.Reader open = reader;
            int most = (int) Math.min(Integer.MAX_VALUE, sink.requestedFromDownstream());
            if (open != null && most > 0 && !sink.isCancelled()) {
                open.read(most, sink::next);
            }
            missed = turns.addAndGet(-missed);
        }
    }
}
