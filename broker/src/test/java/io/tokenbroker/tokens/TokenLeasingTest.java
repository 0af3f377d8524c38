package io.tokenbroker.tokens;

import static io.tokenbroker.tokens.TokenWorld.ALICE;
import static io.tokenbroker.tokens.TokenWorld.request;
import static org.assertj.core.api.Assertions.assertThat;

import io.tokenbroker.directory.Standing;
import io.tokenbroker.lifecycle.AcsFault;
import io.tokenbroker.tokens.TokenResult.Issued;
import io.tokenbroker.tokens.TokenResult.NotReady;
import io.tokenbroker.tokens.TokenResult.TooMany;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import reactor.test.scheduler.VirtualTimeScheduler;

class TokenLeasingTest {

    private TokenWorld world;

    @BeforeEach
    void anActiveUser() {
        world = new TokenWorld(VirtualTimeScheduler.getOrSet());
        world.active(0);
    }

    @AfterEach
    void realTimeAgain() {
        VirtualTimeScheduler.reset();
    }

    @Test
    void aTokenIsHandedOutAgainWhileHalfOfItsLifeIsLeft() {
        assertThat(token()).isEqualTo("token-1");
        world.pass(Duration.ofHours(11));
        assertThat(token()).isEqualTo("token-1");
        assertThat(world.announced).hasSize(1);

        world.pass(Duration.ofHours(2));
        assertThat(token()).isEqualTo("token-2");
        assertThat(token()).isEqualTo("token-2");
        assertThat(world.calls).isEqualTo(2);
        assertThat(world.announced).hasSize(2);
    }

    @Test
    void theTokenThatCameWithTheIdentityIsHandedOutOnceTheEntryIsDurable() {
        firstTokenCame(0);
        world.active(0);

        assertThat(token()).isEqualTo("first");
        assertThat(world.calls).isZero();
        assertThat(world.announced).as("announced with the identity").isEmpty();
    }

    @Test
    void theTokenThatCameWithTheIdentityIsHandedToNobodyBeforeTheEntryIsDurable() {
        firstTokenCame(0);

        assertThat(token()).isEqualTo("token-1");
    }

    @Test
    void theTokenThatCameWithTheIdentityIsDroppedWhereItWasRevokedMeanwhile() {
        firstTokenCame(0);
        world.active(1);

        assertThat(token()).isEqualTo("token-1");
    }

    @Test
    void aHundredWhoAskAtATimeTakeOneCall() {
        List<TokenResult> results = new ArrayList<>();
        for (int i = 0; i < 100; i++) {
            world.leasing.token(request()).subscribe(results::add);
        }
        assertThat(results).isEmpty();
        world.pass(Duration.ofSeconds(1));

        assertThat(results).hasSize(100).allMatch(result -> result.equals(results.getFirst()));
        assertThat(world.calls).isEqualTo(1);
    }

    @Test
    void whoNamesTheDefaultSharesItWithWhoDoesNot() {
        token();
        assertThat(world.leasing.token(request(Set.of("voip", "chat"))).block()).isInstanceOf(Issued.class);
        assertThat(world.calls).isEqualTo(1);
        ask(request(Set.of("chat")));
        assertThat(world.calls).isEqualTo(2);
    }

    @Test
    void whoGoesAwayDoesNotTakeTheCallFromThoseWhoWait() {
        List<TokenResult> results = new ArrayList<>();
        var first = world.leasing.token(request()).subscribe(results::add);
        world.leasing.token(request()).subscribe(results::add);
        first.dispose();
        world.pass(Duration.ofSeconds(1));

        assertThat(results).singleElement().isInstanceOf(Issued.class);
        assertThat(world.calls).isEqualTo(1);
    }

    @Test
    void aTokenOfAnOlderEpochIsVoidOnceTheViewMoves() {
        token();
        world.active(1);

        assertThat(world.leasing.leases()).as("it is not even kept").isZero();
        assertThat(token()).isEqualTo("token-2");
    }

    @Test
    void whoIsSuspendedOrGoneIsHandedNoLeasedToken() {
        token();
        world.user(Standing.SUSPENDED, 1, 1);
        assertThat(ask(request())).isEqualTo(new TokenResult.Suspended());
        world.user(Standing.GONE, 2, 2);
        assertThat(ask(request())).isEqualTo(new TokenResult.UnknownUser());
    }

    @Test
    void aViewThatIsNotKnownToBeRecentServesNoLeasedTokenByItself() {
        token();
        world.fresh = false;
        world.confirmations = 0;

        assertThat(((Issued) ask(request())).token().value()).isEqualTo("token-1");
        assertThat(world.confirmations).as("the directory was asked").isPositive();
    }

    @Test
    void theOldTokenStillServesWhereNoNewOneCanBeHad() {
        token();
        world.pass(Duration.ofHours(13));
        world.fault = new AcsFault(AcsFault.Kind.RETRIABLE, "Http500", "x", null, null);
        assertThat(token()).isEqualTo("token-1");

        world.callTakes = Duration.ofMinutes(1);
        assertThat(token()).isEqualTo("token-1");

        world.pass(Duration.ofHours(12));
        assertThat(ask(request())).as("it has ended").isInstanceOf(NotReady.class);
    }

    @Test
    void whoCouldUseTheOldTokenForLongWaitsForANewOneOnlyBriefly() {
        token();
        world.pass(Duration.ofHours(13));
        world.callTakes = Duration.ofSeconds(3);
        long before = world.millis();
        assertThat(token()).isEqualTo("token-1");
        assertThat(world.millis() - before).isLessThanOrEqualTo(1000);

        world.pass(Duration.ofSeconds(3));
        assertThat(token()).as("the call went on").isEqualTo("token-2");
    }

    @Test
    void callsThatBringNoTokenDoNotCount() {
        world.fault = new AcsFault(AcsFault.Kind.RETRIABLE, "Http500", "x", null, null);
        for (int i = 0; i < 20; i++) {
            assertThat(ask(request())).isInstanceOf(NotReady.class);
        }
        world.fault = null;
        assertThat(ask(request())).isInstanceOf(Issued.class);
    }

    @Test
    void theOldTokenServesNobodyWhoMayHaveNone() {
        token();
        world.pass(Duration.ofHours(13));
        world.fault = new AcsFault(AcsFault.Kind.RETRIABLE, "Http500", "x", null, null);
        world.user(Standing.ACTIVE, 1, 0);
        assertThat(ask(request())).isEqualTo(new NotReady(TokenResult.Reason.REVOKING, Duration.ofSeconds(1)));
    }

    @Test
    void aUserHasTenNewTokensAMinuteWhateverTheyAreFor() {
        for (int i = 0; i < 10; i++) {
            assertThat(ask(new TokenRequest(ALICE, null, 60 + i, null, TokenGrant.SELF)))
                    .isInstanceOf(Issued.class);
        }
        assertThat(ask(new TokenRequest(ALICE, null, 100, null, TokenGrant.SELF)))
                .isInstanceOf(TooMany.class);
        assertThat(ask(new TokenRequest(ALICE, null, 69, null, TokenGrant.SELF)))
                .as("leased")
                .isInstanceOf(Issued.class);
        assertThat(world.calls).isEqualTo(10);
    }

    @Test
    void oneUserKeepsAFewLeasesAndAllOfThemNoMoreThanTheBound() {
        for (int i = 0; i < 10; i++) {
            ask(new TokenRequest(ALICE, null, 60 + i, null, TokenGrant.SELF));
        }
        assertThat(world.leasing.leases()).isEqualTo(LeaseBook.PER_USER);
    }

    private void firstTokenCame(long epoch) {
        world.firstTokens.came(
                TokenWorld.identity(1),
                Set.of("chat", "voip"),
                1440,
                epoch,
                new AccessToken("first", world.instant().plus(Duration.ofDays(1))));
    }

    private String token() {
        return ((Issued) ask(request())).token().value();
    }

    private TokenResult ask(TokenRequest request) {
        List<TokenResult> results = new ArrayList<>();
        world.leasing.token(request).subscribe(results::add);
        for (int i = 0; i < 60 && results.isEmpty(); i++) {
            world.pass(Duration.ofMillis(100));
        }
        assertThat(results).hasSize(1);
        return results.getFirst();
    }
}
