package io.tokenbroker.e2e;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Function;

/** Somebody who asks for tokens all the time, of whichever instance is in the rotation, and notes what went wrong. */
final class Callers implements AutoCloseable {
    private static final int NOT_NOW = 503;

    private final ScheduledExecutorService clock = Executors.newScheduledThreadPool(4);
    private final List<String> failures = new CopyOnWriteArrayList<>();
    private final AtomicLong answered = new AtomicLong();
    private final AtomicLong later = new AtomicLong();

    /** @param caller of the instance at that address */
    Callers(Rotation rotation, Function<String, BrokerApi> caller, String user, int perSecond) {
        var unused = clock.scheduleAtFixedRate(
                () -> ask(caller.apply(rotation.next()), user), 0, 1_000 / perSecond, TimeUnit.MILLISECONDS);
    }

    private void ask(BrokerApi api, String user) {
        try {
            Http.Answer answer = api.send("POST", BrokerApi.user(user) + "/tokens", Map.of());
            if (answer.status() == BrokerApi.OK) {
                answered.incrementAndGet();
            } else if (answer.status() == NOT_NOW
                    && answer.headers().firstValue("Retry-After").isPresent()) {
                later.incrementAndGet();
            } else {
                failures.add(answer.toString());
            }
        } catch (UncheckedIOException e) {
            IOException cause = e.getCause();
            failures.add(api.address() + ": " + cause);
        }
    }

    /** Requests that were answered with a token. */
    long answered() {
        return answered.get();
    }

    /** Requests that were asked to come again. */
    long later() {
        return later.get();
    }

    /** Every other. */
    List<String> failures() {
        return List.copyOf(failures);
    }

    @Override
    public void close() {
        clock.shutdownNow();
    }
}
