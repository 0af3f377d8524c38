package io.tokenbroker.lifecycle;

import static org.assertj.core.api.Assertions.assertThat;

import io.tokenbroker.directory.Standing;
import io.tokenbroker.directory.Verdict;
import io.tokenbroker.events.LifecycleEvent;
import io.tokenbroker.events.SessionsRevoked;
import io.tokenbroker.events.UserCreated;
import io.tokenbroker.events.UserDeleted;
import io.tokenbroker.pipeline.Seeds;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/**
 * The stale rule against a transcription of its words, which keeps every applied event: "An event is stale only against
 * an applied event of the same source and the same aspect: a lower sequence where both have it, else a time older by
 * more than 5 s." Events written for HTTP callers and revocations of sessions never are.
 *
 * <p>Where a source gives a sequence with some events of an aspect and not with others, one that has it is compared with
 * those that have it, and with the others only while there are none. Of sources and aspects, the latest eight are kept.
 */
class StalePropertyTest {

    private static final Duration TOLERANCE = Duration.ofSeconds(5);
    private static final List<String> SOURCES = List.of("/hr", "/crm", "/idp", "/mixed");

    @Test
    void anEventIsStaleExactlyWhereTheWordsOfTheRuleSaySo() {
        Seeds.each(3_000, seed -> new History(new Random(seed)).play());
    }

    private record Said(
            LifecycleEvent event, String source, @Nullable String sequence, Instant time, boolean forCaller) {

        boolean existence() {
            return event instanceof UserCreated || event instanceof UserDeleted;
        }

        boolean sameSourceAndAspect(Said other) {
            return source.equals(other.source) && existence() == other.existence();
        }
    }

    private static final class History {

        private final Random random;
        private final List<Said> applied = new ArrayList<>();
        private final Users alice = Users.anUnknownUser();

        History(Random random) {
            this.random = random;
        }

        void play() {
            for (int i = 0; i < 30; i++) {
                Said said = next();
                Verdict expected = isStale(said) ? Verdict.STALE : isHeeded(said) ? Verdict.APPLIED : Verdict.IGNORED;
                if (expected == Verdict.APPLIED && !(said.event() instanceof SessionsRevoked)) {
                    remember(said);
                }

                if (said.forCaller()) {
                    alice.onRequest(said.event(), said.time());
                } else {
                    alice.on(said.event(), said.source(), said.sequence(), said.time());
                }

                assertThat(alice.entry.lastVerdict())
                        .as("%s after %s", said, applied)
                        .isEqualTo(expected);
            }
        }

        /** Of the pairs of source and aspect, only so many that were heard of last. */
        private void remember(Said said) {
            applied.add(said);
            List<Said> latestOfEach = new ArrayList<>();
            for (Said one : applied.reversed()) {
                if (latestOfEach.stream().noneMatch(one::sameSourceAndAspect)) {
                    latestOfEach.add(one);
                }
            }
            latestOfEach.stream()
                    .skip(StaleRule.REMEMBERED)
                    .forEach(forgotten -> applied.removeIf(forgotten::sameSourceAndAspect));
        }

        private Said next() {
            boolean forCaller = random.nextInt(8) == 0;
            int number = random.nextInt(12);
            String source = forCaller ? "urn:tokenbroker:http" : SOURCES.get(random.nextInt(SOURCES.size()));
            String sequence = switch (source) {
                // by value, however many zeros precede it
                case "/hr" -> (random.nextBoolean() ? "00" : "") + number;
                case "/crm" -> "v" + (char) ('a' + number);
                case "/mixed" -> random.nextBoolean() ? null : Integer.toString(number);
                default -> null;
            };
            Instant time = Users.NINE.plusMillis(random.nextInt(30) * 1_000L + random.nextInt(3) - 1);
            return new Said(RandomEvents.ofUpstream(random), source, sequence, time, forCaller);
        }

        private boolean isStale(Said said) {
            if (said.forCaller() || said.event() instanceof SessionsRevoked) {
                return false;
            }
            List<Said> before =
                    applied.stream().filter(said::sameSourceAndAspect).toList();
            List<String> sequences = before.stream()
                    .map(Said::sequence)
                    .flatMap(Stream::ofNullable)
                    .toList();
            String own = said.sequence();
            return (own != null && !sequences.isEmpty())
                    ? sequences.stream().anyMatch(other -> isLower(own, other))
                    : before.stream()
                            .anyMatch(other -> said.time().plus(TOLERANCE).isBefore(other.time()));
        }

        private static boolean isLower(String one, String other) {
            return one.startsWith("v") ? one.compareTo(other) < 0 : Integer.parseInt(one) < Integer.parseInt(other);
        }

        /** What is said of the access of somebody who does not exist has no effect, and silences nothing. */
        private boolean isHeeded(Said said) {
            boolean exists = alice.entry.standing() == Standing.ACTIVE || alice.entry.standing() == Standing.SUSPENDED;
            return exists || said.existence();
        }
    }
}
