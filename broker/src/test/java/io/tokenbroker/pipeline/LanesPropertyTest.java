package io.tokenbroker.pipeline;

import static org.assertj.core.api.Assertions.assertThat;

import io.tokenbroker.lifecycle.Step;
import io.tokenbroker.pipeline.Acs.Behaviour;
import java.time.Duration;
import java.util.Random;
import org.junit.jupiter.api.Test;

/** Order within a user, none between users, and bounds, with the governor as the broker has it. */
class LanesPropertyTest {

    @Test
    void eachUsersCallsAreInOrderAndNeverTwoAtATimeAndNothingExceedsItsBoundWhateverFails() {
        Seeds.each(60, seed -> new Crowd(seed).play());
    }

    @Test
    void aUserWhoIsStuckHoldsNobodyBackHoweverManyEventsTheyHave() {
        Seeds.each(20, seed -> {
            Crowd crowd = new Crowd(seed);
            crowd.rig.acs.behaviour = step -> isOf(step, "user-0") ? Behaviour.HANG : Behaviour.ANSWER;
            crowd.rig.log.event(crowd.createdAgain("user-0"));
            crowd.pass(100);
            Arrival latest = crowd.rig.log.records.getLast();
            for (int i = 0; i < 500; i++) {
                if (i % 7 == 0) {
                    crowd.rig.log.unreadable("user-0");
                }
                latest = switch (i % 3) {
                    case 0 -> crowd.rig.log.suspended("user-0");
                    case 1 -> crowd.rig.log.resumed("user-0");
                    default -> crowd.rig.log.event(crowd.createdAgain("user-0"));
                };
                crowd.append(1 + i % 11);
                crowd.pass(i % 3);
            }

            crowd.readToTheEnd();

            Wanted.of(crowd.rig.log).forEach((userId, wanted) -> {
                if (!userId.value().equals("user-0")) {
                    wanted.check(crowd.rig, userId);
                }
            });
            assertThat(crowd.rig.running().inside()).as("the room of one").isEqualTo(1);
            assertThat(crowd.rig.cluster.watermark)
                    .as("all but what is still to be done for the latest event")
                    .isEqualTo(InputLog.offsetOf(latest));
        });
    }

    @Test
    void noPlaceInFlightIsFreeWhileSomebodyWaits() {
        Seeds.each(50, seed -> {
            Random random = new Random(seed);
            int maxInFlight = 1 + random.nextInt(8);
            int users = 1 + random.nextInt(100);
            long[] total = {0};
            long[] longest = {0};
            CallLog calls = new CallLog(maxInFlight);
            Rig rig = new Rig(1_000, Rig.PATIENT, calls::connect).started();
            rig.acs.latency = () -> {
                Duration latency = Duration.ofMillis(1 + random.nextInt(100));
                total[0] += latency.toMillis();
                longest[0] = Math.max(longest[0], latency.toMillis());
                return latency;
            };

            for (int user = 0; user < users; user++) {
                rig.send(rig.log.created("user-" + user));
            }
            int took = 0;
            for (; rig.cluster.watermark < users && took < 100_000; took++) {
                rig.pass(Duration.ofMillis(1));
            }

            // Graham's bound for any schedule that never idles, and a transaction before and after
            long atMost = total[0] / maxInFlight + longest[0] + 4 * Rig.INTERVAL.toMillis();
            assertThat((long) took).as("milliseconds").isLessThanOrEqualTo(atMost);
            assertThat(calls.mostAtATime()).isEqualTo(Math.min(users, maxInFlight));
        });
    }

    @Test
    void whatWaitsInAHotUsersLaneNeedsOneCallHoweverMuchItIs() {
        Seeds.each(50, seed -> {
            Random random = new Random(seed);
            CallLog calls = new CallLog(4);
            Rig rig = new Rig(50, Rig.PATIENT, calls::connect).started();
            rig.acs.latency = () -> Duration.ofMillis(20 + random.nextInt(80));
            rig.send(rig.log.created("hot")).settle();
            for (int i = 0; i < 300; i++) {
                rig.send(
                        switch (random.nextInt(4)) {
                            case 0 -> rig.log.suspended("hot");
                            case 1 -> rig.log.resumed("hot");
                            case 2 -> rig.log.created("hot");
                            default -> rig.log.sessionsRevoked("hot");
                        });
                assertThat(rig.instance.inside())
                        .as("the latest, and the one it takes the place of")
                        .isLessThanOrEqualTo(2);
                rig.pass(Duration.ofMillis(random.nextInt(3)));
            }
            int before = calls.count();

            rig.settle();

            assertThat(calls.count() - before).as("calls after the last event").isLessThanOrEqualTo(1);
            Wanted.of(rig.log).forEach((userId, wanted) -> wanted.check(rig, userId));
        });
    }

    private static boolean isOf(Step step, String user) {
        return step instanceof Step.CreateIdentityWithToken create
                && Crowd.userOfLifetime(create.lifetimeMinutes()).value().equals(user);
    }
}
