package io.tokenbroker.lifecycle;

import static io.tokenbroker.lifecycle.Users.DELETED;
import static io.tokenbroker.lifecycle.Users.RESUMED;
import static io.tokenbroker.lifecycle.Users.REVOKED;
import static io.tokenbroker.lifecycle.Users.RULES;
import static io.tokenbroker.lifecycle.Users.SUSPENDED;
import static io.tokenbroker.lifecycle.Users.aDeletedUser;
import static io.tokenbroker.lifecycle.Users.aSuspendedUser;
import static io.tokenbroker.lifecycle.Users.aUserBeingProvisioned;
import static io.tokenbroker.lifecycle.Users.anActiveUser;
import static io.tokenbroker.lifecycle.Users.anActiveUserWith;
import static io.tokenbroker.lifecycle.Users.anUnknownUser;
import static io.tokenbroker.lifecycle.Users.created;
import static io.tokenbroker.lifecycle.Users.identity;
import static io.tokenbroker.lifecycle.Users.made;
import static org.assertj.core.api.Assertions.assertThat;

import io.tokenbroker.directory.LogPosition;
import io.tokenbroker.directory.Standing;
import io.tokenbroker.directory.UserState;
import io.tokenbroker.directory.Verdict;
import io.tokenbroker.events.IdentityDeleted;
import io.tokenbroker.events.TokenIssued;
import io.tokenbroker.events.TokensRevoked;
import java.time.Instant;
import java.util.Set;
import org.junit.jupiter.api.Test;

/** What each event does, and how ACS's answers are folded in. */
class RulesTest {

    @Test
    void aCreatedUserIsToGetAnIdentityWithAFirstToken() {
        Users alice = anUnknownUser().on(created());

        assertThat(alice.step()).isEqualTo(new Step.CreateIdentityWithToken(Set.of("chat"), 1440, 0));
        assertThat(alice.entry.state()).contains(UserState.PROVISIONING);
        assertThat(alice.announced()).isEmpty();
    }

    @Test
    void anIdentityThatWasMadeIsAnnouncedWithItsFirstToken() {
        Instant now = Users.NINE;
        var token = new StepResult.FirstToken(Set.of("chat"), now, now.plusSeconds(3600), "sha");

        Users alice = aUserBeingProvisioned().answered(new StepResult.IdentityCreated(identity(1), token));

        assertThat(alice.announced()).containsExactly("identity.provisioned", "token.issued");
        assertThat(alice.outcomes.get(1)).isInstanceOfSatisfying(TokenIssued.class, issued -> {
            assertThat(issued.tokenId()).isEqualTo("sha");
            assertThat(issued.reason()).isEqualTo("first-token");
        });
        assertThat(alice.entry.state()).contains(UserState.ACTIVE);
        assertThat(RULES.nextStep(alice.entry)).isEmpty();
    }

    @Test
    void aCreatedForAnActiveUserMakesNoIdentity() {
        Users alice = anActiveUser().on(created());

        assertThat(RULES.nextStep(alice.entry)).isEmpty();
        assertThat(alice.announced()).isEmpty();
    }

    @Test
    void widerScopesReplaceTheOldOnesWithoutARevocation() {
        Users alice = anActiveUserWith("chat").on(created(Set.of("chat", "voip")));

        assertThat(alice.entry.scopes()).containsExactlyInAnyOrder("chat", "voip");
        assertThat(alice.entry.revoking()).isFalse();
    }

    @Test
    void narrowerScopesVoidTheTokens() {
        Users alice = anActiveUserWith("chat", "voip").on(created(Set.of("chat")));

        assertThat(alice.last().takesAway()).isTrue();
        assertThat(alice.step()).isEqualTo(new Step.RevokeTokens(identity(1), 1));
        alice.answered();
        assertThat(alice.outcomes)
                .singleElement()
                .isInstanceOfSatisfying(
                        TokensRevoked.class,
                        revoked -> assertThat(revoked.reason()).isEqualTo("scopes-narrowed"));
    }

    @Test
    void scopesLeftOutAreTheBrokersDefaultAndMayBeNarrower() {
        assertThat(anActiveUserWith("chat", "voip").on(created()).entry.revoking())
                .isTrue();
        assertThat(anActiveUserWith("chat").on(created()).entry.revoking()).isFalse();
    }

    @Test
    void aCreatedNeverResumesASuspendedUser() {
        Users alice = aSuspendedUser().on(created());

        assertThat(alice.entry.standing()).isEqualTo(Standing.SUSPENDED);
    }

    @Test
    void aSuspensionVoidsTheTokensAndIsAnnouncedOnceAcsKnows() {
        Users alice = anActiveUser().on(SUSPENDED);

        assertThat(alice.last().takesAway()).isTrue();
        assertThat(alice.entry.tokenEpoch()).isEqualTo(1);
        assertThat(alice.announced()).isEmpty();
        alice.answered();
        assertThat(alice.announced()).containsExactly("tokens.revoked", "identity.suspended");
        assertThat(alice.entry.identityId()).isEqualTo(identity(1));
    }

    @Test
    void aSecondSuspensionChangesNothing() {
        Users alice = aSuspendedUser().on(SUSPENDED);

        assertThat(alice.entry.tokenEpoch()).isEqualTo(1);
        assertThat(RULES.nextStep(alice.entry)).isEmpty();
        assertThat(alice.announced()).isEmpty();
    }

    @Test
    void aResumedUserNeedsNoCall() {
        Users alice = aSuspendedUser().on(RESUMED);

        assertThat(alice.entry.state()).contains(UserState.ACTIVE);
        assertThat(alice.announced()).containsExactly("identity.resumed");
        assertThat(RULES.nextStep(alice.entry)).isEmpty();
    }

    @Test
    void aSuspensionLiftedBeforeAcsAnsweredStillRevokes() {
        Users alice = anActiveUser().on(SUSPENDED).on(RESUMED);

        assertThat(alice.announced()).isEmpty();
        alice.answered();
        assertThat(alice.announced()).containsExactly("tokens.revoked");
    }

    @Test
    void revokedSessionsVoidTheTokensOfASuspendedUserToo() {
        assertThat(anActiveUser().on(REVOKED).answered().announced()).containsExactly("tokens.revoked");
        assertThat(aSuspendedUser().on(REVOKED).entry.revoking()).isTrue();
    }

    @Test
    void twoRevocationsInARowAreToldToAcsOnceTheFirstIsDone() {
        Users alice = anActiveUser().on(REVOKED);
        Step first = alice.step();
        alice.on(REVOKED);

        alice.answered(first, new StepResult.TokensRevoked(identity(1), 1));

        assertThat(alice.step()).isEqualTo(new Step.RevokeTokens(identity(1), 2));
    }

    @Test
    void sessionsRevokedWhileProvisioningVoidTheFirstToken() {
        Users alice = aUserBeingProvisioned();
        Step create = alice.step();
        alice.on(REVOKED);

        alice.answered(create, made(1));

        assertThat(alice.step()).isEqualTo(new Step.RevokeTokens(identity(1), 1));
        assertThat(alice.announced()).containsExactly("identity.provisioned");
    }

    @Test
    void aUserSuspendedWhileProvisioningGetsAnIdentityWithoutAToken() {
        Users alice = aUserBeingProvisioned().on(SUSPENDED);

        assertThat(alice.step()).isEqualTo(new Step.CreateIdentity());
        alice.answered(made(1));
        assertThat(alice.announced()).containsExactly("identity.provisioned", "identity.suspended");
        assertThat(RULES.nextStep(alice.entry)).isEmpty();
    }

    @Test
    void aDeletedUsersIdentityIsDeletedAtAcs() {
        Users alice = anActiveUser().on(DELETED);

        assertThat(alice.last().takesAway()).isTrue();
        assertThat(alice.entry.state()).contains(UserState.DELETING);
        assertThat(alice.step()).isEqualTo(new Step.DeleteIdentity(identity(1)));
        alice.answered();
        assertThat(alice.entry.state()).contains(UserState.DELETED);
        assertThat(alice.announced()).containsExactly("identity.deleted");
    }

    @Test
    void anUnknownUsersDeletionIsRemembered() {
        Users alice = anUnknownUser().on(DELETED);

        assertThat(alice.entry.standing()).isEqualTo(Standing.GONE);
        assertThat(RULES.nextStep(alice.entry)).isEmpty();
        assertThat(alice.on(DELETED).announced()).isEmpty();
    }

    @Test
    void anIdentityMadeForAUserDeletedMeanwhileIsDeletedWithoutAWord() {
        Users alice = aUserBeingProvisioned();
        Step create = alice.step();
        alice.on(DELETED);

        alice.answered(create, made(1));

        assertThat(alice.step()).isEqualTo(new Step.DeleteIdentity(identity(1)));
        assertThat(alice.answered().announced()).isEmpty();
    }

    @Test
    void anIdentityMadeBeforeAUserWasDeletedAndCreatedAgainIsTheirs() {
        Users alice = aUserBeingProvisioned();
        Step create = alice.step();
        alice.on(DELETED).on(created());

        alice.answered(create, made(1));

        assertThat(alice.entry.identityId()).isEqualTo(identity(1));
        assertThat(alice.step()).as("for the first token").isInstanceOf(Step.RevokeTokens.class);
    }

    @Test
    void tokensRevokedAfterTheUserWasDeletedDoNotUndoTheDeletion() {
        Users alice = anActiveUser().on(SUSPENDED);
        Step revoke = alice.step();
        alice.on(DELETED);

        alice.answered(revoke, new StepResult.TokensRevoked(identity(1), 1));

        assertThat(alice.step()).isEqualTo(new Step.DeleteIdentity(identity(1)));
        assertThat(alice.announced()).containsExactly("tokens.revoked");
    }

    @Test
    void aCreatedAfterADeletionMakesANewIdentity() {
        Users alice = aDeletedUser().on(created()).answered();

        assertThat(alice.entry.identityId()).isEqualTo(identity(2));
        assertThat(alice.announced()).containsExactly("identity.provisioned");
    }

    @Test
    void theFormerIdentityIsDeletedBeforeANewOneIsMade() {
        Users alice = anActiveUser().on(DELETED).on(created());

        assertThat(alice.step()).isEqualTo(new Step.DeleteIdentity(identity(1)));
        alice.answered().answered();
        assertThat(alice.announced()).containsExactly("identity.deleted", "identity.provisioned");
        assertThat(alice.outcomes.getFirst())
                .isEqualTo(new IdentityDeleted("alice", identity(1).value()));
    }

    @Test
    void accessOfAUserWhoDoesNotExistIsIgnoredButDecided() {
        for (Users alice : new Users[] {anUnknownUser(), aDeletedUser()}) {
            LogPosition before = alice.entry.lastApplied();
            Standing standing = alice.entry.standing();

            alice.on(SUSPENDED).on(RESUMED).on(REVOKED);

            assertThat(alice.entry.lastVerdict()).isEqualTo(Verdict.IGNORED);
            assertThat(alice.entry.standing()).isEqualTo(standing);
            assertThat(alice.entry.lastApplied()).isNotEqualTo(before);
            assertThat(alice.announced()).isEmpty();
        }
    }

    @Test
    void aParkedUserNeedsNothingUntilTheNextEvent() {
        Users alice = aUserBeingProvisioned().parked();

        assertThat(RULES.nextStep(alice.entry)).isEmpty();
        assertThat(alice.entry.parked())
                .isNotNull()
                .satisfies(parked -> assertThat(parked.eventId()).isEqualTo("event-0"));
        assertThat(alice.on(created()).step()).isInstanceOf(Step.CreateIdentityWithToken.class);
    }

    @Test
    void anUnreadableRecordOnlyMovesWhatIsDecided() {
        Users alice = anActiveUser();
        LogPosition position = new LogPosition(Users.TOPIC, 0, 17);

        var refused = RULES.refused(alice.entry, position);

        assertThat(refused.lastApplied()).isEqualTo(position);
        assertThat(refused.lastVerdict()).isEqualTo(Verdict.REFUSED);
        assertThat(refused.state()).contains(UserState.ACTIVE);
        assertThat(refused.lastEvent()).isEqualTo(alice.entry.lastEvent());
    }
}
