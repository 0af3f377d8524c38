package io.tokenbroker.pipeline;

import static org.assertj.core.api.Assertions.assertThat;

import io.tokenbroker.directory.DirectoryEntry;
import io.tokenbroker.directory.Standing;
import io.tokenbroker.directory.UserId;
import io.tokenbroker.events.ReconcileRequested;
import io.tokenbroker.events.SessionsRevoked;
import io.tokenbroker.events.UserCreated;
import io.tokenbroker.events.UserDeleted;
import io.tokenbroker.events.UserResumed;
import io.tokenbroker.events.UserSuspended;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/** What the log says of one user, told in a few lines, for comparison with what the pipeline made of it. */
record Wanted(boolean exists, boolean suspended) {

    private static final Wanted NOBODY = new Wanted(false, false);

    static Map<UserId, Wanted> of(InputLog log) {
        Map<UserId, Wanted> users = new TreeMap<>();
        for (Arrival arrival : log.records) {
            if (arrival instanceof Arrival.Event event) {
                UserId userId = event.event().userId();
                users.put(userId, users.getOrDefault(userId, NOBODY).after(event));
            }
        }
        return users;
    }

    private Wanted after(Arrival.Event arrival) {
        return switch (arrival.event().event()) {
            case UserCreated created -> exists ? this : new Wanted(true, false);
            case UserDeleted deleted -> NOBODY;
            case UserSuspended event -> new Wanted(exists, exists);
            case UserResumed event -> new Wanted(exists, false);
            case SessionsRevoked event -> this;
            case ReconcileRequested event -> this;
        };
    }

    void check(Rig rig, UserId userId) {
        DirectoryEntry entry = rig.known(userId.value());
        assertThat(rig.rules.nextStep(entry)).as("missing for %s", entry).isEmpty();
        assertThat(entry.parked()).isNull();
        assertThat(entry.identityId() != null).as("identity of %s", entry).isEqualTo(exists);
        if (exists) {
            assertThat(entry.standing()).isEqualTo(suspended ? Standing.SUSPENDED : Standing.ACTIVE);
        } else {
            assertThat(entry.standing()).isIn(Standing.GONE, Standing.UNKNOWN);
        }
        checkOutcomes(rig.outcomesOf(userId.value()));
    }

    private void checkOutcomes(List<String> told) {
        boolean alive = false;
        boolean suspendedSaid = false;
        for (String type : told) {
            switch (type) {
                case "identity.provisioned" -> {
                    assertThat(alive).as("%s", told).isFalse();
                    alive = true;
                }
                case "identity.deleted" -> {
                    assertThat(alive).as("%s", told).isTrue();
                    alive = false;
                    suspendedSaid = false;
                }
                case "identity.suspended" -> {
                    assertThat(alive && !suspendedSaid).as("%s", told).isTrue();
                    suspendedSaid = true;
                }
                case "identity.resumed" -> {
                    assertThat(alive && suspendedSaid).as("%s", told).isTrue();
                    suspendedSaid = false;
                }
                default -> assertThat(type).isIn("token.issued", "tokens.revoked");
            }
        }
        assertThat(alive).as("%s", told).isEqualTo(exists);
        assertThat(suspendedSaid).as("%s", told).isEqualTo(suspended);
    }
}
