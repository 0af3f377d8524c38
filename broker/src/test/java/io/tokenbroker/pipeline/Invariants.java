package io.tokenbroker.pipeline;

import static org.assertj.core.api.Assertions.assertThat;

import io.tokenbroker.directory.AcsIdentityId;
import io.tokenbroker.directory.DirectoryEntry;
import io.tokenbroker.directory.UserId;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** What must hold after each transaction, whatever happens next. */
final class Invariants {

    private final Rig rig;
    private long latestWatermark;

    Invariants(Rig rig) {
        this.rig = rig;
    }

    void check() {
        long watermark = rig.cluster.watermark;
        assertThat(watermark).as("the watermark never goes back").isGreaterThanOrEqualTo(latestWatermark);
        latestWatermark = watermark;
        Map<RawRecord, Integer> written = countWritten();
        for (Arrival arrival : rig.log.records) {
            boolean passed = InputLog.offsetOf(arrival) < watermark;
            int times = written.getOrDefault(arrival.record(), 0);
            switch (arrival) {
                case Arrival.Event event -> {
                    if (passed) {
                        decided(event.event().userId(), InputLog.offsetOf(event));
                    }
                }
                case Arrival.Unreadable unreadable -> {
                    UserId userId = unreadable.userId();
                    if (userId == null) {
                        assertThat(times).as("dead letters of %s", arrival).isEqualTo(passed ? 1 : 0);
                    } else if (passed) {
                        decided(userId, InputLog.offsetOf(unreadable));
                        assertThat(times).as("dead letters of %s", arrival).isEqualTo(1);
                    }
                }
                case Arrival.Misrouted misrouted ->
                    assertThat(times).as("copies of %s", misrouted).isEqualTo(passed ? 1 : 0);
                case Arrival.Foreign foreign ->
                    assertThat(times).as("copies of %s", foreign).isZero();
            }
        }
        assertThat(rig.cluster.reroutes.stream().map(InputLog::offsetOf))
                .as("copies in the order of the log")
                .isSorted();
        rig.cluster.entries.values().forEach(this::comesBackToWhatIsMissing);
        identities();
    }

    private Map<RawRecord, Integer> countWritten() {
        Map<RawRecord, Integer> written = new HashMap<>();
        rig.cluster.deadLetters.forEach(letter -> written.merge(letter.record(), 1, Integer::sum));
        rig.cluster.reroutes.forEach(rerouted -> written.merge(rerouted.record(), 1, Integer::sum));
        return written;
    }

    private void decided(UserId userId, long offset) {
        DirectoryEntry entry = rig.known(userId.value());
        assertThat(entry.lastApplied())
                .isNotNull()
                .satisfies(position -> assertThat(position.offset())
                        .as("what is decided for %s", userId)
                        .isGreaterThanOrEqualTo(offset));
    }

    /** A crash now would read a record that wakes this user's work up. */
    private void comesBackToWhatIsMissing(DirectoryEntry entry) {
        if (rig.rules.nextStep(entry).isEmpty() || entry.lastApplied() == null) {
            return;
        }
        long decided = entry.lastApplied().offset();
        assertThat(rig.log.from(rig.cluster.watermark))
                .as("records that come back to %s", entry)
                .anyMatch(arrival ->
                        InputLog.offsetOf(arrival) <= decided && entry.userId().equals(userOf(arrival)));
    }

    private static @Nullable UserId userOf(Arrival arrival) {
        return switch (arrival) {
            case Arrival.Event event -> event.event().userId();
            case Arrival.Unreadable unreadable -> unreadable.userId();
            case Arrival.Misrouted misrouted -> null;
            case Arrival.Foreign foreign -> null;
        };
    }

    private void identities() {
        List<AcsIdentityId> referred = new ArrayList<>();
        for (DirectoryEntry entry : rig.cluster.entries.values()) {
            referred.addAll(entry.doomed());
            if (entry.identityId() != null) {
                referred.add(entry.identityId());
                assertThat(rig.acs.live).as("the identity of %s", entry).contains(entry.identityId());
            }
        }
        assertThat(referred).doesNotHaveDuplicates();
        Set<AcsIdentityId> orphans = new HashSet<>(rig.acs.live);
        referred.forEach(orphans::remove);
        assertThat(orphans.size())
                .as("orphans, of which each is among the attempts listed")
                .isLessThanOrEqualTo(rig.cluster.openAttempts());
    }

    /** All has settled: every user is as the log says, and was told of once. */
    void checkSettled() {
        check();
        assertThat(rig.cluster.watermark).isEqualTo(rig.log.end());
        assertThat(rig.cluster.outcomes.stream().map(outcome -> outcome.id())).doesNotHaveDuplicates();
        Wanted.of(rig.log).forEach((userId, wanted) -> wanted.check(rig, userId));
    }
}
