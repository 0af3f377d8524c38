package io.tokenbroker.tokens;

import static io.tokenbroker.tokens.TokenWorld.request;
import static org.assertj.core.api.Assertions.assertThat;

import io.tokenbroker.directory.Standing;
import io.tokenbroker.lifecycle.AcsFault;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import reactor.core.Disposable;
import reactor.test.scheduler.VirtualTimeScheduler;

class TokenFollowingTest {

    private final List<String> told = new ArrayList<>();
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
    void itTellsTheCurrentTokenAndTheNextBeforeClientsWouldAskForIt() {
        follow();
        world.pass(Duration.ofSeconds(1));
        assertThat(told).containsExactly("token-1");

        world.pass(Duration.ofHours(23).plusMinutes(46));
        assertThat(told).as("fourteen minutes before it ends").containsExactly("token-1");
        world.pass(Duration.ofMinutes(3).plusSeconds(1));
        assertThat(told).as("eleven minutes before it ends").containsExactly("token-1", "token-2");
    }

    @Test
    void itAlwaysHoldsAValidTokenForTheFewestCalls() {
        world.lifetime = Duration.ofSeconds(30);
        List<Instant> ends = new ArrayList<>();
        world.following
                .follow(request())
                .ofType(TokenSignal.Token.class)
                .subscribe(token -> ends.add(token.issued().expiresOn()));
        world.pass(Duration.ofSeconds(1));
        for (int second = 0; second < 180; second++) {
            assertThat(ends.getLast()).isAfter(world.instant());
            world.pass(Duration.ofSeconds(1));
        }
        assertThat(world.calls).isEqualTo(7);
    }

    @Test
    void manyWhoFollowTheSameTokenShareEachCall() {
        for (int i = 0; i < 10; i++) {
            follow();
        }
        world.pass(Duration.ofHours(25));
        assertThat(world.calls).isEqualTo(2);
        assertThat(told).hasSize(20);
    }

    @Test
    void whoComesBackIsToldTheCurrentToken() {
        follow().dispose();
        world.pass(Duration.ofSeconds(1));
        follow();
        world.pass(Duration.ofSeconds(1));
        assertThat(told).containsExactly("token-1");
        assertThat(world.calls).isEqualTo(1);
    }

    @Test
    void aRevocationIsToldAtOnceAndTheNextTokenWhenAcsHasDoneIt() {
        follow();
        world.pass(Duration.ofSeconds(1));
        world.user(Standing.ACTIVE, 1, 0);
        world.pass(Duration.ofMillis(1));
        assertThat(told).containsExactly("token-1", "revoked sessions-revoked");
        assertThat(world.toldVoid).hasSize(1).allMatch(after -> after.toMillis() <= 1);

        world.pass(Duration.ofSeconds(4));
        world.user(Standing.ACTIVE, 1, 1);
        world.pass(Duration.ofSeconds(1));
        assertThat(told).containsExactly("token-1", "revoked sessions-revoked", "token-2");
    }

    @Test
    void whoComesInTheMiddleOfARevocationIsToldThatWhatTheyHaveIsVoid() {
        world.user(Standing.ACTIVE, 1, 0);
        follow();
        world.pass(Duration.ofSeconds(4));
        assertThat(told).containsExactly("revoked sessions-revoked");
        world.pass(Duration.ofMinutes(4));
        assertThat(told).containsExactly("revoked sessions-revoked", "delayed false");
        world.user(Standing.ACTIVE, 1, 1);
        world.pass(Duration.ofSeconds(1));
        assertThat(told).containsExactly("revoked sessions-revoked", "delayed false", "token-1");
    }

    @Test
    void aRefusalOfAcsEndsNothing() {
        follow();
        world.pass(Duration.ofSeconds(1));
        world.fault = new AcsFault(AcsFault.Kind.REFUSED, "BadRequest", "x", null, null);
        world.pass(Duration.ofHours(25));
        assertThat(told).containsExactly("token-1", "delayed true");
        world.fault = null;
        world.pass(Duration.ofMinutes(1));
        assertThat(told).hasSize(3).last().asString().startsWith("token-");
    }

    @Test
    void whoIsSuspendedIsToldSoAndHasATokenAgainWhenResumed() {
        follow();
        world.pass(Duration.ofSeconds(1));
        world.user(Standing.SUSPENDED, 1, 0);
        world.user(Standing.SUSPENDED, 1, 1);
        world.pass(Duration.ofHours(30));
        world.active(1);
        world.pass(Duration.ofSeconds(1));
        assertThat(told).containsExactly("token-1", "suspended sessions-revoked", "token-2");
    }

    @Test
    void aDeletionIsTheLastThingTold() {
        Disposable following = follow();
        world.pass(Duration.ofSeconds(1));
        world.user(Standing.GONE, 1, 1);
        world.pass(Duration.ofMillis(1));
        assertThat(told).containsExactly("token-1", "deleted");
        assertThat(following.isDisposed()).isTrue();
        world.pass(Duration.ofHours(30));
        assertThat(world.calls).isEqualTo(1);
    }

    @Test
    void aTokenThatIsIssuedWhileItsUserIsRevokedIsNeverTold() {
        world.callTakes = Duration.ofSeconds(1);
        follow();
        world.pass(Duration.ofMillis(500));
        world.user(Standing.ACTIVE, 1, 1);
        world.pass(Duration.ofSeconds(5));
        assertThat(told).containsExactly("revoked sessions-revoked", "token-2");
    }

    @Test
    void whereTheNextTokenIsLateItSaysSoOnceAndGoesOnTrying() {
        follow();
        world.pass(Duration.ofSeconds(1));
        world.fault = away();
        world.pass(Duration.ofHours(24).minusSeconds(30));
        assertThat(told).containsExactly("token-1", "delayed true");
        world.pass(Duration.ofMinutes(10));
        assertThat(told).containsExactly("token-1", "delayed true");

        world.fault = null;
        world.pass(Duration.ofMinutes(1));
        assertThat(told).hasSize(3).last().asString().startsWith("token-");
    }

    @Test
    void whoHasNoTokenYetIsToldThatItIsLate() {
        world.fault = away();
        follow();
        world.pass(Duration.ofSeconds(10));
        assertThat(told).containsExactly("delayed false");
    }

    @Test
    void anOutageOfAnHourTakesFewCalls() {
        world.fault = away();
        follow();
        world.pass(Duration.ofHours(1));
        assertThat(world.calls).isBetween(60, 200);
    }

    private static AcsFault away() {
        return new AcsFault(AcsFault.Kind.RETRIABLE, "Http500", "x", null, null);
    }

    private Disposable follow() {
        return world.following.follow(request()).subscribe(signal -> told.add(text(signal)));
    }

    private static String text(TokenSignal signal) {
        return switch (signal) {
            case TokenSignal.Token token -> token.issued().token().value();
            case TokenSignal.Revoked revoked -> "revoked " + revoked.reason();
            case TokenSignal.Suspended suspended -> "suspended " + suspended.reason();
            case TokenSignal.Deleted deleted -> "deleted";
            case TokenSignal.Delayed delayed -> "delayed " + (delayed.expiresOn() != null);
        };
    }
}
