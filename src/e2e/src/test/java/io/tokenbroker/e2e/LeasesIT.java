package io.tokenbroker.e2e;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.tokenbroker.e2e.EventLines.Event;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Two instances hand out tokens; how long one stream is watched is {@code -De2e.lease-seconds}. */
@Timeout(400)
class LeasesIT {

    private static final Duration SOON = Duration.ofSeconds(20);
    /** Before the stream would be looked at for another reason, such as its next heartbeat. */
    private static final Duration AT_ONCE = Duration.ofSeconds(10);

    private static final Duration WATCHED = Duration.ofSeconds(Long.getLong("e2e.lease-seconds", 40));

    /** Long enough that the tenth of it, with which the next token comes, is more than a busy machine stands still. */
    private static final Duration LIFETIME = Duration.ofSeconds(Math.min(30, WATCHED.toSeconds() / 2));

    private static Stack stack;
    private static BrokerApi here;
    private static BrokerApi there;

    @BeforeAll
    static void start() {
        stack = Stack.start(LeasesIT.class, "--quota=none");
        // which instance would have it leased is not known, and calls are counted here
        List<String> settings = new ArrayList<>(Stack.NO_QUOTA);
        settings.add("--tokenbroker.lifecycle.first-token=false");
        here = stack.admin(stack.broker(settings));
        there = stack.admin(stack.broker(settings));
    }

    @AfterEach
    void noFaults() {
        stack.emulator().noFaults();
    }

    @AfterAll
    static void stop() {
        stack.close();
    }

    @Test
    void aHundredWhoAskForTheSameTokenAtATimeCostOneCall() throws Exception {
        here.createAndWait("asked-for");
        stack.emulator().faults("{\"latencyMs\":{\"fixed\":200}}");
        long before = stack.emulator().calls("issue");

        List<String> tokens;
        try (ExecutorService askers = Executors.newVirtualThreadPerTaskExecutor()) {
            Callable<String> asker =
                    () -> here.token("asked-for").expect(BrokerApi.OK).text("token");
            List<Future<String>> answers = askers.invokeAll(
                    IntStream.range(0, 100).mapToObj(i -> asker).toList());
            tokens = answers.stream().map(Future::resultNow).distinct().toList();
        }

        assertThat(tokens).hasSize(1);
        assertThat(stack.emulator().calls("issue") - before).isEqualTo(1);
        assertThat(Outcomes.read(stack.kafka()).of("asked-for", Outcomes.ISSUED))
                .filteredOn(told -> told.reason().equals("requested"))
                .hasSize(1);
    }

    @Test
    void aStreamAlwaysHoldsAValidTokenForTheFewestCalls() {
        here.createAndWait("watched");
        stack.emulator().faults("{\"tokenLifetimeSeconds\":" + LIFETIME.toSeconds() + "}");
        long before = stack.emulator().calls("issue");
        try (EventStream stream = tokens(here, "watched")) {
            Instant begun = Instant.now();
            await().atMost(WATCHED.plus(LIFETIME).plus(SOON))
                    .pollInterval(Duration.ofMillis(20))
                    .until(() -> {
                        Instant now = Instant.now();
                        Instant expiresOn = expiresOn(stream.events().getLast());
                        assertThat(expiresOn).isAfter(now);
                        // not while the next one is on its way
                        boolean settled = Duration.between(now, expiresOn).compareTo(LIFETIME.dividedBy(2)) > 0;
                        return settled && now.isAfter(begun.plus(WATCHED));
                    });
            Duration took = Duration.between(begun, Instant.now());
            assertThat(stream.events()).extracting(Event::name).containsOnly("token");
            assertThat(stack.emulator().calls("issue") - before)
                    .isEqualTo(stream.events().size());
            // each token is followed when a tenth of its life is left, or an eighth, as there is jitter
            long most = 1 + took.toMillis() / (LIFETIME.toMillis() * 7 / 8);
            assertThat(stream.events()).hasSizeBetween(3, (int) most);
            System.out.printf(
                    "%s with tokens of %s took %d%n",
                    WATCHED, LIFETIME, stream.events().size());
        }
    }

    @Test
    void aDeletionAtOneInstanceEndsTheStreamAtTheOtherAndThereIsNoLeasedTokenAfterIt() {
        here.createAndWait("deleted");
        try (EventStream stream = tokens(there, "deleted")) {
            String leased = there.token("deleted").expect(BrokerApi.OK).text("token");
            assertThat(stream.events().getFirst().json().path("token").asString(""))
                    .isEqualTo(leased);

            Instant asked = Instant.now();
            here.delete("deleted").expect(BrokerApi.ACCEPTED);
            await("the stream to end")
                    .pollInterval(Duration.ofMillis(5))
                    .atMost(SOON)
                    .until(stream::hasEnded);
            Duration took = Duration.between(asked, Instant.now());

            assertThat(stream.events()).last().extracting(Event::name).isEqualTo("deleted");
            assertThat(there.token("deleted").status()).isEqualTo(BrokerApi.NOT_FOUND);
            assertThat(took).isLessThan(AT_ONCE);
            System.out.printf("a deletion ended the stream at the other instance after %s%n", took);
        }
    }

    @Test
    void aSignOutAtOneInstanceVoidsTheTokenAtTheOtherAndTheNextOneFollows() {
        here.createAndWait("signed-out");
        try (EventStream stream = tokens(there, "signed-out")) {
            there.token("signed-out").expect(BrokerApi.OK);
            long before = stack.emulator().calls("issue");

            here.revokeAndWait("signed-out");

            await("the next token").atMost(SOON).until(() -> stream.events().size() == 3);
            assertThat(stream.events()).extracting(Event::name).containsExactly("token", "revoked", "token");
            assertThat(stream.events().get(1).data()).isEqualTo("{\"reason\":\"sessions-revoked\"}");
            assertThat(there.token("signed-out").expect(BrokerApi.OK).text("token"))
                    .isEqualTo(stream.events().getLast().json().path("token").asString(""));
            assertThat(stack.emulator().calls("issue") - before)
                    .as("one new token for both")
                    .isEqualTo(1);
        }
    }

    @Test
    void whoIsSuspendedKeepsTheStreamAndHasATokenAgainWhenResumed() {
        here.createAndWait("suspended");
        try (EventStream stream = tokens(there, "suspended")) {
            here.doAndWait("suspended", "suspend");
            await("the suspension").atMost(SOON).until(() -> stream.events().size() == 2);
            here.doAndWait("suspended", "resume");
            await("the next token").atMost(SOON).until(() -> stream.events().size() == 3);
            assertThat(stream.events()).extracting(Event::name).containsExactly("token", "suspended", "token");
        }
    }

    @Test
    void withoutAcsALeasedTokenIsServedAndAStreamComesBackToIt() {
        here.createAndWait("leased");
        String leased = here.token("leased").expect(BrokerApi.OK).text("token");
        stack.emulator().faults("{\"errors\":[{\"operation\":\"*\",\"status\":503,\"rate\":1}]}");

        assertThat(here.token("leased").expect(BrokerApi.OK).text("token")).isEqualTo(leased);
        try (EventStream stream = tokens(here, "leased")) {
            assertThat(stream.events().getFirst().json().path("token").asString(""))
                    .isEqualTo(leased);
        }
    }

    /** One that has told its first token. */
    private static EventStream tokens(BrokerApi api, String user) {
        EventStream stream = EventStream.open(api, BrokerApi.user(user) + "/tokens/stream", "");
        await("a token").atMost(SOON).until(() -> !stream.events().isEmpty());
        return stream;
    }

    private static Instant expiresOn(Event event) {
        return Instant.parse(event.json().path("expiresOn").asString(""));
    }
}
