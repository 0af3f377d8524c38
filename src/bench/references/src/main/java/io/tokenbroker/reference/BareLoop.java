package io.tokenbroker.reference;

import com.azure.communication.identity.CommunicationIdentityAsyncClient;
import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.stream.Collectors;
import java.util.stream.LongStream;
import reactor.core.publisher.Flux;

/** Creates identities and does nothing else: no Kafka, no record of anything. What the calls themselves cost. */
final class BareLoop {

    private static final Duration LIMIT = Duration.ofMinutes(2);

    private final CommunicationIdentityAsyncClient client;
    private final int inFlight;

    BareLoop(CommunicationIdentityAsyncClient client, int inFlight) {
        this.client = client;
        this.inFlight = inFlight;
    }

    /**
     * {@code run <calls>}: nanoseconds from the first call to the last answer, as many in flight as may be. {@code pace
     * <calls> <per second>}: for each call the nanoseconds from when it was due to its answer.
     */
    String answer(String command) throws InterruptedException {
        String[] words = command.split(" ");
        int calls = Integer.parseInt(words[1]);
        return switch (words[0]) {
            case "run" -> Long.toString(run(calls));
            case "pace" -> pace(calls, Integer.parseInt(words[2]));
            default -> throw new IllegalArgumentException("no command: " + command);
        };
    }

    private long run(int calls) {
        long start = System.nanoTime();
        Flux.range(0, calls)
                .flatMap(call -> client.createUser(), inFlight)
                .then()
                .block(LIMIT);
        return System.nanoTime() - start;
    }

    private String pace(int calls, int perSecond) throws InterruptedException {
        long[] latencies = new long[calls];
        var missing = new CountDownLatch(calls);
        long start = System.nanoTime();
        for (int i = 0; i < calls; i++) {
            int call = i;
            long due = start + i * 1_000_000_000L / perSecond;
            for (long rest = due - System.nanoTime(); rest > 0; rest = due - System.nanoTime()) {
                LockSupport.parkNanos(rest);
            }
            var unused = client.createUser().subscribe(user -> {
                latencies[call] = System.nanoTime() - due;
                missing.countDown();
            });
        }
        if (!missing.await(LIMIT.toSeconds(), TimeUnit.SECONDS)) {
            throw new IllegalStateException(missing.getCount() + " calls have not been answered with success");
        }
        return LongStream.of(latencies).mapToObj(Long::toString).collect(Collectors.joining(" "));
    }
}
