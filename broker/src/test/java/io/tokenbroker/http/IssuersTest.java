package io.tokenbroker.http;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.nimbusds.jose.JWSAlgorithm;
import com.nimbusds.jose.jwk.RSAKey;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.time.temporal.ChronoUnit;
import java.util.Date;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.springframework.mock.http.server.reactive.MockServerHttpRequest;
import org.springframework.mock.web.server.MockServerWebExchange;
import org.springframework.security.authentication.AuthenticationServiceException;
import org.springframework.security.core.Authentication;
import org.springframework.security.oauth2.server.resource.InvalidBearerTokenException;
import org.springframework.security.oauth2.server.resource.authentication.BearerTokenAuthenticationToken;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;
import reactor.test.StepVerifier;

class IssuersTest {

    private final TestIssuer issuer = TestIssuer.start();
    private final Ticking clock = new Ticking();
    private final Issuers issuers = new Issuers(
            new SecuritySettings(
                    List.of(new SecuritySettings.Issuer(issuer.uri(), List.of(TestIssuer.AUDIENCE), null, null, null)),
                    false,
                    null),
            clock);

    @Test
    void anIssuerThatIsDownAtTheStartIsAskedAgainLater() {
        issuer.goDown();

        StepVerifier.create(authenticate(issuer.token("alice"))).verifyError(AuthenticationServiceException.class);
        issuer.comeUp();
        clock.passes(Duration.ofSeconds(2));

        StepVerifier.create(authenticate(issuer.token("alice")).map(Authentication::getName))
                .expectNext("alice")
                .verifyComplete();
    }

    @Test
    void anIssuerThatIsDownLaterStopsNobodyWhoseKeyIsKnown() {
        authenticate(issuer.token("alice")).block();
        issuer.goDown();
        clock.passes(Duration.ofMinutes(6));

        StepVerifier.create(authenticate(issuer.token("bob")).map(Authentication::getName))
                .expectNext("bob")
                .verifyComplete();
    }

    @Test
    void aKeyThatIsNewIsReadWhenItIsFirstUsed() {
        authenticate(issuer.token("alice")).block();
        issuer.rotateTo("second");
        clock.passes(Duration.ofSeconds(11));

        StepVerifier.create(authenticate(issuer.token("bob")).map(Authentication::getName))
                .expectNext("bob")
                .verifyComplete();
    }

    @Test
    void aKeyThatIsGoneIsForgottenWithinFiveMinutes() {
        String before = issuer.token("alice");
        authenticate(before).block();
        issuer.rotateTo("second");
        clock.passes(Duration.ofMinutes(6));

        StepVerifier.create(authenticate(before)).verifyError(InvalidBearerTokenException.class);
    }

    @Test
    void callersWhoComeTogetherReadTheKeysOnce() {
        List<String> names = Flux.range(0, 20)
                .flatMap(i -> authenticate(issuer.token("user" + i)))
                .map(Authentication::getName)
                .collectList()
                .blockOptional()
                .orElseThrow();

        assertThat(names).hasSize(20);
        assertThat(issuer.keyReads()).isEqualTo(1);
    }

    @ParameterizedTest(name = "exp {0} s, nbf {1} s from now")
    @CsvSource({"-60, -600, true", "-61, -600, false", "600, 60, true", "600, 61, false"})
    void clocksMayBeAMinuteApartAndNoMore(int expires, int validFrom, boolean taken) {
        Instant now = clock.instant();
        String token = issuer.token(claims -> claims.issueTime(Date.from(now.minusSeconds(3600)))
                .notBeforeTime(Date.from(now.plusSeconds(validFrom)))
                .expirationTime(Date.from(now.plusSeconds(expires))));

        StepVerifier.FirstStep<Authentication> answer = StepVerifier.create(authenticate(token));

        if (taken) {
            answer.expectNextCount(1).verifyComplete();
        } else {
            answer.verifyError(InvalidBearerTokenException.class);
        }
    }

    @Test
    void duringARotationBothKeysCountUntilTheOldOneIsWithdrawn() {
        String before = issuer.token("alice");
        authenticate(before).block();
        issuer.rotateGentlyTo("second");
        clock.passes(Duration.ofSeconds(11));

        assertThat(authenticate(issuer.token("bob")).block()).isNotNull();
        assertThat(authenticate(before).block()).isNotNull();

        issuer.forgetRetiredKeys();
        clock.passes(Duration.ofMinutes(5).plusSeconds(1));
        StepVerifier.create(authenticate(before)).verifyError(InvalidBearerTokenException.class);
        assertThat(authenticate(issuer.token("bob")).block()).isNotNull();
    }

    @Test
    void aFloodOfUnknownKeyIdsReadsTheKeysOnceInTenSecondsAndHidesNoNewKey() {
        authenticate(issuer.token("alice")).block();
        RSAKey stranger = TestIssuer.newKey("stranger");
        for (int second = 0; second < 60; second++) {
            String round = "-" + second + "-";
            Flux.range(0, 20)
                    .flatMap(i -> authenticate(issuer.signed(
                                    JWSAlgorithm.RS256,
                                    new RSAKey.Builder(stranger)
                                            .keyID("unknown" + round + i)
                                            .build(),
                                    claims -> claims))
                            .onErrorComplete(InvalidBearerTokenException.class))
                    .blockLast();
            clock.passes(Duration.ofSeconds(1));
        }
        assertThat(issuer.keyReads()).isBetween(2, 7);

        issuer.rotateTo("second");
        clock.passes(Duration.ofSeconds(10));
        assertThat(authenticate(issuer.token("bob")).block()).isNotNull();
    }

    @Test
    void anIssuerThatIsAwayForLongIsTriedOnceASecondAndHoldsNobodyUp() {
        String known = issuer.token("alice");
        authenticate(known).block();
        issuer.goDown();
        clock.passes(Duration.ofMinutes(6));
        int before = issuer.configurationReads();
        for (int i = 0; i < 50; i++) {
            assertThat(authenticate(known).block()).isNotNull();
            clock.passes(Duration.ofMillis(100));
        }
        assertThat(issuer.configurationReads() - before).isBetween(1, 6);

        issuer.comeUp();
        issuer.rotateTo("second");
        await("who shares a reading that began while the issuer was away is refused, the next one is not")
                .ignoreExceptionsInstanceOf(InvalidBearerTokenException.class)
                .until(() -> {
                    clock.passes(Duration.ofSeconds(2));
                    return authenticate(issuer.token("bob")).block() != null;
                });
    }

    @Test
    void anIssuerThatAnsweredNothingIsAskedAgain() {
        issuer.goMute();
        StepVerifier.create(authenticate(issuer.token("alice"))).verifyError(AuthenticationServiceException.class);

        issuer.speakAgain();
        clock.passes(Duration.ofSeconds(2));
        assertThat(authenticate(issuer.token("alice")).block()).isNotNull();
    }

    private Mono<Authentication> authenticate(String token) {
        var exchange = MockServerWebExchange.from(MockServerHttpRequest.get("/"));
        return issuers.resolve(exchange)
                .flatMap(manager -> manager.authenticate(new BearerTokenAuthenticationToken(token)));
    }

    private static final class Ticking extends Clock {

        private volatile Instant now = Instant.now().truncatedTo(ChronoUnit.SECONDS);

        void passes(Duration time) {
            now = now.plus(time);
        }

        @Override
        public Instant instant() {
            return now;
        }

        @Override
        public ZoneId getZone() {
            return ZoneOffset.UTC;
        }

        @Override
        public Clock withZone(ZoneId zone) {
            return this;
        }
    }
}
