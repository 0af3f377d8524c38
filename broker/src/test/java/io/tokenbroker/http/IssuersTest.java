package io.tokenbroker.http;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.springframework.mock.http.server.reactive.MockServerHttpRequest;
import org.springframework.mock.web.server.MockServerWebExchange;
import org.springframework.security.authentication.AuthenticationServiceException;
import org.springframework.security.core.Authentication;
import org.springframework.security.oauth2.server.resource.InvalidBearerTokenException;
import org.springframework.security.oauth2.server.resource.authentication.BearerTokenAuthenticationToken;
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
        List<String> names = reactor.core.publisher.Flux.range(0, 20)
                .flatMap(i -> authenticate(issuer.token("user" + i)))
                .map(Authentication::getName)
                .collectList()
                .blockOptional()
                .orElseThrow();

        assertThat(names).hasSize(20);
        assertThat(issuer.keyReads()).isEqualTo(1);
    }

    private Mono<Authentication> authenticate(String token) {
        var exchange = MockServerWebExchange.from(MockServerHttpRequest.get("/"));
        return issuers.resolve(exchange)
                .flatMap(manager -> manager.authenticate(new BearerTokenAuthenticationToken(token)));
    }

    private static final class Ticking extends Clock {

        private volatile Instant now = Instant.now();

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
