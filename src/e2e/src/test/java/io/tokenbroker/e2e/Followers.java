package io.tokenbroker.e2e;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.tokenbroker.e2e.EventLines.Event;
import java.net.http.HttpClient;
import java.net.http.HttpResponse.BodySubscribers;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.Flow;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;

/** Many users, each of whom follows their own outcomes, and comes back where they were whenever the stream ends. */
final class Followers implements AutoCloseable {
    private static final int OK = 200;

    private final HttpClient http =
            HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();
    private final Rotation rotation;
    private final List<Follower> followers = new ArrayList<>();
    private final AtomicLong ends = new AtomicLong();
    private final AtomicLong drains = new AtomicLong();
    private final AtomicInteger lost = new AtomicInteger();
    private volatile boolean closed;

    /** @param accessTokens of the users, by their id; returns when each has a position */
    Followers(Rotation rotation, Map<String, String> accessTokens) {
        this.rotation = rotation;
        accessTokens.forEach((user, token) -> followers.add(new Follower(user, token)));
        followers.forEach(Follower::open);
        await("a position for everybody")
                .atMost(Duration.ofSeconds(60))
                .until(() ->
                        followers.stream().noneMatch(each -> each.lines.lastId().isEmpty()));
    }

    /** Streams that ended. */
    long ends() {
        return ends.get();
    }

    /** Streams that were asked to come back elsewhere. */
    long drains() {
        return drains.get();
    }

    /** Streams that ended with nowhere to go on. */
    int lost() {
        return lost.get();
    }

    /** Returns when each has been told of just these outcomes, once and in this order. */
    void awaitTold(Outcomes outcomes) {
        for (Follower follower : followers) {
            List<String> expected = outcomes.all().stream()
                    .filter(outcome -> outcome.userId().equals(follower.user))
                    .map(Outcomes.Outcome::id)
                    .toList();
            await("what is to be told to " + follower.user)
                    .atMost(Duration.ofSeconds(30))
                    .untilAsserted(() -> assertThat(follower.told).containsExactlyElementsOf(expected));
        }
    }

    @Override
    public void close() {
        closed = true;
        http.shutdownNow();
    }

    /** One user. */
    private final class Follower {
        private final String user;
        private final String accessToken;
        private final List<String> told = new CopyOnWriteArrayList<>();
        private volatile EventLines lines = linesFrom("");

        private Follower(String user, String accessToken) {
            this.user = user;
            this.accessToken = accessToken;
        }

        private EventLines linesFrom(String lastId) {
            return new EventLines(lastId, this::tell, comment -> {});
        }

        private void tell(Event event) {
            switch (event.name()) {
                case "drain" -> drains.incrementAndGet();
                case "gap" -> lost.incrementAndGet();
                case "reauth" -> {}
                default -> told.add(event.json().path("id").asString(""));
            }
        }

        private void open() {
            lines = linesFrom(lines.lastId());
            var request = new BrokerApi(rotation.next(), accessToken).request("/v1/token-events");
            if (!lines.lastId().isEmpty()) {
                request.header("Last-Event-ID", lines.lastId());
            }
            Connection connection = new Connection(this);
            var unused = http.sendAsync(
                            request.build(),
                            answer -> answer.statusCode() == OK
                                    ? BodySubscribers.fromLineSubscriber(connection)
                                    : BodySubscribers.discarding())
                    .whenComplete((answer, failure) -> connection.over());
        }
    }

    /** One of a user's, from its first line to its end, which is noticed once. */
    private final class Connection implements Flow.Subscriber<String> {
        private final Follower follower;
        private final AtomicBoolean over = new AtomicBoolean();
        private volatile boolean opened;

        private Connection(Follower follower) {
            this.follower = follower;
        }

        private void over() {
            if (closed || !over.compareAndSet(false, true)) {
                return;
            }
            if (opened) {
                ends.incrementAndGet();
                if (follower.lines.lastId().isEmpty()) {
                    lost.incrementAndGet();
                }
            }
            CompletableFuture.delayedExecutor(300, TimeUnit.MILLISECONDS).execute(follower::open);
        }

        @Override
        public void onSubscribe(Flow.Subscription subscription) {
            opened = true;
            subscription.request(Long.MAX_VALUE);
        }

        @Override
        public void onNext(String line) {
            follower.lines.accept(line);
        }

        @Override
        public void onError(Throwable failure) {
            over();
        }

        @Override
        public void onComplete() {
            over();
        }
    }
}
