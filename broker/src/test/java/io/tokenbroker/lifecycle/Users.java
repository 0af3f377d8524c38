package io.tokenbroker.lifecycle;

import io.tokenbroker.directory.AcsIdentityId;
import io.tokenbroker.directory.DirectoryEntry;
import io.tokenbroker.directory.EventRef;
import io.tokenbroker.directory.LogPosition;
import io.tokenbroker.directory.UserId;
import io.tokenbroker.events.LifecycleEvent;
import io.tokenbroker.events.OutcomeEvent;
import io.tokenbroker.events.ReconcileRequested;
import io.tokenbroker.events.ReconcileRequested.Version;
import io.tokenbroker.events.SessionsRevoked;
import io.tokenbroker.events.UserCreated;
import io.tokenbroker.events.UserDeleted;
import io.tokenbroker.events.UserResumed;
import io.tokenbroker.events.UserSuspended;
import io.tokenbroker.intake.UserEvent;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Alice, as she comes to be in whatever state a test begins with. */
final class Users {

    static final UserId ALICE = new UserId("alice");
    static final Instant NINE = Instant.parse("2026-11-20T09:00:00Z");
    static final String HR = "/hr";
    static final String TOPIC = "topic-1";
    static final String FOREIGN = "8:acs:99999999-0000-0000-0000-000000000000_00000000-0000-0000-0000-000000000001";
    static final Set<String> DEFAULT_SCOPES = Set.of("chat");
    static final Map<AcsIdentityId, UserId> HOLDERS = new HashMap<>();
    static final Rules RULES = new Rules(new TokenDefaults(true, DEFAULT_SCOPES, 1440), new IdentityOwnership() {
        @Override
        public boolean isForeign(AcsIdentityId identityId) {
            return identityId.value().equals(FOREIGN);
        }

        @Override
        public Optional<UserId> holderOf(AcsIdentityId identityId) {
            return Optional.ofNullable(HOLDERS.get(identityId));
        }
    });

    DirectoryEntry entry = DirectoryEntry.unknown(ALICE);
    final List<OutcomeEvent> outcomes = new ArrayList<>();
    private long offset;
    private Decision last = new Decision(entry, List.of(), false, null);

    static Users anUnknownUser() {
        return new Users();
    }

    static Users aUserBeingProvisioned() {
        return anUnknownUser().on(created());
    }

    static Users anActiveUser() {
        return aUserBeingProvisioned().answered(made(1)).fresh();
    }

    static Users anActiveUserWith(String... scopes) {
        return anUnknownUser().on(created(Set.of(scopes))).answered(made(1)).fresh();
    }

    static Users aSuspendedUser() {
        return anActiveUser().on(new UserSuspended("alice")).answered().fresh();
    }

    static Users aDeletedUser() {
        return anActiveUser().on(new UserDeleted("alice")).answered().fresh();
    }

    static UserCreated created() {
        return new UserCreated("alice", null, null, null);
    }

    static UserCreated created(@Nullable Set<String> scopes) {
        return new UserCreated("alice", scopes, null, null);
    }

    static UserCreated adopting(AcsIdentityId identityId) {
        return new UserCreated("alice", null, null, identityId.value());
    }

    static final UserSuspended SUSPENDED = new UserSuspended("alice");
    static final UserResumed RESUMED = new UserResumed("alice");
    static final SessionsRevoked REVOKED = new SessionsRevoked("alice");
    static final UserDeleted DELETED = new UserDeleted("alice");

    static ReconcileRequested reconcile(ReconcileRequested.State state, long asOf) {
        return reconcile(state, asOf, null);
    }

    static ReconcileRequested reconcile(ReconcileRequested.State state, long asOf, @Nullable Set<String> scopes) {
        return new ReconcileRequested(
                "alice",
                "job-1",
                new ReconcileRequested.Desired(state, scopes, null, null, versions(asOf)),
                new ReconcileRequested.AsOf(TOPIC, 0, asOf),
                false,
                null);
    }

    /** Of HR's, who spoke of everything in the last record folded. */
    private static List<Version> versions(long asOf) {
        Instant time = NINE.plusSeconds(60 * asOf);
        return List.of(
                new Version(ReconcileRequested.Aspect.EXISTENCE, HR, null, time),
                new Version(ReconcileRequested.Aspect.ACCESS, HR, null, time));
    }

    static AcsIdentityId identity(int number) {
        return new AcsIdentityId(
                "8:acs:00000000-0000-0000-0000-000000000001_00000000-0000-0000-0000-%012d".formatted(number));
    }

    static StepResult made(int number) {
        return new StepResult.IdentityCreated(identity(number), null);
    }

    /** An event of HR's, a minute after the one before. */
    Users on(LifecycleEvent event) {
        return on(event, HR, null, NINE.plusSeconds(60 * offset));
    }

    Users on(LifecycleEvent event, String source, @Nullable String sequence, Instant time) {
        return apply(event, source, sequence, time, false);
    }

    /** An event the broker wrote for an HTTP caller. */
    Users onRequest(LifecycleEvent event, Instant time) {
        return apply(event, "urn:tokenbroker:http", null, time, true);
    }

    private Users apply(
            LifecycleEvent event, String source, @Nullable String sequence, Instant time, boolean forCaller) {
        long at = offset++;
        EventRef ref = new EventRef("event-" + at, source, event.type(), time, null, null);
        return take(RULES.apply(
                entry,
                new UserEvent(ALICE, event, ref, sequence, forCaller),
                new LogPosition(TOPIC, 0, at),
                NINE.plusSeconds(60 * at)));
    }

    /** ACS answers what the entry needs next. */
    Users answered() {
        return switch (step()) {
            case Step.CreateIdentity create -> answered(made(2));
            case Step.CreateIdentityWithToken create -> answered(made(2));
            case Step.RevokeTokens revoke ->
                answered(new StepResult.TokensRevoked(revoke.identityId(), revoke.epoch()));
            case Step.DeleteIdentity delete -> answered(new StepResult.IdentityDeleted(delete.identityId()));
        };
    }

    Users answered(StepResult result) {
        return answered(RULES.nextStep(entry).orElseGet(Step.CreateIdentity::new), result);
    }

    /** An answer to a question that the entry may not ask any more. */
    Users answered(Step step, StepResult result) {
        return take(RULES.completed(entry, step, result, NINE));
    }

    Users parked() {
        entry = RULES.park(entry, "refused", NINE);
        return this;
    }

    private Users take(Decision decision) {
        last = decision;
        entry = decision.next();
        outcomes.addAll(decision.outcomes());
        return this;
    }

    private Users fresh() {
        outcomes.clear();
        return this;
    }

    Step step() {
        return RULES.nextStep(entry).orElseThrow(() -> new AssertionError("nothing to do for " + entry));
    }

    Decision last() {
        return last;
    }

    /** The types of what was announced since the beginning of the test, without prefix and version. */
    List<String> announced() {
        return outcomes.stream()
                .map(outcome -> outcome.type().replace("tokenbroker.", "").replace(".v1", ""))
                .toList();
    }
}
