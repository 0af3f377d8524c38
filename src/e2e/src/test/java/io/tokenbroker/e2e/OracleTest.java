package io.tokenbroker.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import io.tokenbroker.e2e.DirectoryLog.Entry;
import io.tokenbroker.e2e.Ledger.Identity;
import io.tokenbroker.e2e.Outcomes.Outcome;
import java.time.Instant;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Function;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;

/** An oracle that sees nothing proves nothing. */
class OracleTest {

    private static final Instant MADE = Instant.parse("2026-01-01T12:00:00Z");
    private static final LifecycleLog ANN_EXISTS_AND_BOB_IS_GONE =
            new LifecycleLog(Set.of("ann", "bob"), Set.of("ann"), Set.of(), Map.of(), Set.of());
    private static final DirectoryLog DIRECTORY = directory(has("ann", "id-1"), gone("bob"));
    private static final Outcomes OUTCOMES =
            outcomes(provisioned("ann", "id-1"), provisioned("bob", "id-2"), deleted("bob", "id-2"));
    private static final Ledger LEDGER = ledger(live("id-1"), dead("id-2"));

    @Test
    void findsNothingWhereEverythingAgrees() {
        assertThat(violations(DIRECTORY, OUTCOMES, LEDGER)).isEmpty();
    }

    @Test
    void findsAUserWithoutAnIdentity() {
        assertThat(violations(directory(gone("bob")), OUTCOMES, LEDGER))
                .contains("ann exists and has no identity", "ann was told of an identity and is not in the directory");
    }

    @Test
    void findsAnIdentityOfAUserWhoIsGone() {
        assertThat(violations(directory(has("ann", "id-1"), has("bob", "id-3")), OUTCOMES, LEDGER))
                .contains("bob is gone and has an identity", "bob has an identity that ACS has not");
    }

    @Test
    void findsAUserWhomNobodyAskedFor() {
        assertThat(violations(directory(has("ann", "id-1"), gone("bob"), has("eve", "id-1")), OUTCOMES, LEDGER))
                .contains("eve was never asked for");
    }

    @Test
    void findsWorkThatWasGivenUpOrIsStillToBeDone() {
        Entry parked = new Entry("bob", "GONE", "", List.of("id-2"), true);

        assertThat(violations(directory(has("ann", "id-1"), parked), OUTCOMES, LEDGER))
                .containsExactly("bob is not done with: " + parked);
    }

    @Test
    void findsAnIdentityThatIsNobodys() {
        Ledger more = ledger(live("id-1"), dead("id-2"), live("id-3"));

        assertThat(violations(DIRECTORY, OUTCOMES, more))
                .containsExactly("1 live identities are nobody's, and orphans names 0");
    }

    @Test
    void letsAnIdentityPassThatIsNamedAsAnOrphan() {
        Ledger more = ledger(live("id-1"), dead("id-2"), live("id-3"));

        assertThat(new Oracle(ANN_EXISTS_AND_BOB_IS_GONE, DIRECTORY, OUTCOMES, more, List.of("")).violations())
                .isEmpty();
        assertThat(new Oracle(ANN_EXISTS_AND_BOB_IS_GONE, DIRECTORY, OUTCOMES, more, List.of("id-3")).violations())
                .isEmpty();
        assertThat(new Oracle(ANN_EXISTS_AND_BOB_IS_GONE, DIRECTORY, OUTCOMES, more, List.of("id-1")).violations())
                .hasSize(1);
    }

    @Test
    void findsTwoUsersWithOneIdentity() {
        LifecycleLog both = new LifecycleLog(Set.of("ann", "bob"), Set.of("ann", "bob"), Set.of(), Map.of(), Set.of());
        DirectoryLog shared = directory(has("ann", "id-1"), has("bob", "id-1"));

        assertThat(new Oracle(both, shared, OUTCOMES, LEDGER, List.of()).violations())
                .anyMatch(violation -> violation.endsWith("share an identity"));
    }

    @Test
    void findsASecondIdentityBesideTheFirst() {
        Outcomes twice = outcomes(provisioned("ann", "id-0"), provisioned("ann", "id-1"));

        assertThat(violations(DIRECTORY, twice, LEDGER))
                .anyMatch(violation -> violation.startsWith("ann was given an identity beside another"));
    }

    @Test
    void findsWhatWasToldTwice() {
        Outcomes twice = outcomes(
                provisioned("ann", "id-1"), provisioned("bob", "id-2"), deleted("bob", "id-2"), deleted("bob", "id-2"));

        assertThat(violations(DIRECTORY, twice, LEDGER))
                .anyMatch(violation -> violation.startsWith("told twice: "))
                .anyMatch(violation -> violation.startsWith("the end of an identity that was not told before"));
    }

    @Test
    void findsOneEventToldOfTwice() {
        Outcomes twice = outcomes(
                provisioned("ann", "id-1"),
                new Outcome("o-1", Outcomes.REVOKED, "ann", "id-1", "", "suspended", "event-1"),
                new Outcome("o-2", Outcomes.REVOKED, "ann", "id-1", "", "suspended", "event-1"));

        assertThat(violations(DIRECTORY, twice, LEDGER))
                .anyMatch(violation -> violation.startsWith("told twice, for one event"));
    }

    @Test
    void findsWhatWasNotTold() {
        assertThat(violations(DIRECTORY, outcomes(), LEDGER)).containsExactly("ann has 'id-1', but was told ''");
    }

    @Test
    void findsADeletionThatAcsKnowsNothingOf() {
        assertThat(violations(DIRECTORY, OUTCOMES, ledger(live("id-1"), live("id-2"))))
                .anyMatch(violation -> violation.startsWith("told to be deleted, and alive"));
    }

    @Test
    void findsTokensThatWereNotTakenAway() {
        LifecycleLog before = annWasToLoseHerTokens(MADE.minusSeconds(1));
        LifecycleLog after = annWasToLoseHerTokens(MADE.plusSeconds(1));
        Ledger taken = ledger(new Identity("id-1", MADE, false, 1, MADE.plusSeconds(2)), dead("id-2"));
        Ledger neverHadAny = ledger(new Identity("id-1", MADE, false, 0, null), dead("id-2"));
        Ledger takenEarlier = ledger(new Identity("id-1", MADE, false, 1, MADE), dead("id-2"));

        assertThat(new Oracle(before, DIRECTORY, OUTCOMES, LEDGER, List.of()).violations())
                .isEmpty();
        assertThat(new Oracle(after, DIRECTORY, OUTCOMES, taken, List.of()).violations())
                .isEmpty();
        assertThat(new Oracle(after, DIRECTORY, OUTCOMES, neverHadAny, List.of()).violations())
                .isEmpty();
        assertThat(new Oracle(after, DIRECTORY, OUTCOMES, LEDGER, List.of()).violations())
                .containsExactly("ann was to lose every token on 2026-01-01T12:00:01Z, and lost them on null");
        assertThat(new Oracle(after, DIRECTORY, OUTCOMES, takenEarlier, List.of()).violations())
                .hasSize(1);
    }

    @Test
    void findsAnEventThatLiesWhereItIsNotApplied() {
        LifecycleLog astray =
                new LifecycleLog(Set.of("ann", "bob"), Set.of("ann"), Set.of(), Map.of(), Set.of("event-1"));

        assertThat(new Oracle(astray, DIRECTORY, OUTCOMES, LEDGER, List.of()).violations())
                .containsExactly("not written again where its user is: event event-1");
    }

    private static LifecycleLog annWasToLoseHerTokens(Instant on) {
        return new LifecycleLog(Set.of("ann", "bob"), Set.of("ann"), Set.of(), Map.of("ann", on), Set.of());
    }

    private static List<String> violations(DirectoryLog directory, Outcomes outcomes, Ledger ledger) {
        return new Oracle(ANN_EXISTS_AND_BOB_IS_GONE, directory, outcomes, ledger, List.of()).violations();
    }

    private static DirectoryLog directory(Entry... entries) {
        return new DirectoryLog(Arrays.stream(entries).collect(Collectors.toMap(Entry::userId, Function.identity())));
    }

    private static Entry has(String user, String identity) {
        return new Entry(user, "ACTIVE", identity, List.of(), false);
    }

    private static Entry gone(String user) {
        return new Entry(user, "GONE", "", List.of(), false);
    }

    private static Outcomes outcomes(Outcome... outcomes) {
        return new Outcomes(List.of(outcomes));
    }

    private static Outcome provisioned(String user, String identity) {
        return new Outcome(user + identity, Outcomes.PROVISIONED, user, identity, "", "", "");
    }

    private static Outcome deleted(String user, String identity) {
        return new Outcome(user + identity + "x", Outcomes.DELETED, user, identity, "", "", "");
    }

    private static Ledger ledger(Identity... identities) {
        return new Ledger(Arrays.stream(identities).collect(Collectors.toMap(Identity::id, Function.identity())));
    }

    private static Identity live(String id) {
        return new Identity(id, MADE, false, 1, null);
    }

    private static Identity dead(String id) {
        return new Identity(id, MADE, true, 1, MADE.plusSeconds(1));
    }
}
