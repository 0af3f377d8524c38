package io.tokenbroker.http;

import com.nimbusds.jose.JWSAlgorithm;
import com.nimbusds.jose.jwk.JWKSet;
import com.nimbusds.jose.proc.JWKSecurityContext;
import com.nimbusds.jose.proc.JWSVerificationKeySelector;
import com.nimbusds.jwt.proc.ConfigurableJWTProcessor;
import java.time.Clock;
import java.time.Duration;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.http.client.reactive.ReactorClientHttpConnector;
import org.springframework.security.authentication.AuthenticationServiceException;
import org.springframework.security.authentication.ReactiveAuthenticationManager;
import org.springframework.security.authentication.ReactiveAuthenticationManagerResolver;
import org.springframework.security.oauth2.core.DelegatingOAuth2TokenValidator;
import org.springframework.security.oauth2.core.OAuth2TokenValidator;
import org.springframework.security.oauth2.jwt.Jwt;
import org.springframework.security.oauth2.jwt.JwtClaimValidator;
import org.springframework.security.oauth2.jwt.JwtIssuerValidator;
import org.springframework.security.oauth2.jwt.JwtTimestampValidator;
import org.springframework.security.oauth2.jwt.JwtTypeValidator;
import org.springframework.security.oauth2.jwt.NimbusReactiveJwtDecoder;
import org.springframework.security.oauth2.server.resource.authentication.JwtIssuerReactiveAuthenticationManagerResolver;
import org.springframework.security.oauth2.server.resource.authentication.JwtReactiveAuthenticationManager;
import org.springframework.stereotype.Component;
import org.springframework.web.reactive.function.client.WebClient;
import org.springframework.web.server.ServerWebExchange;
import reactor.core.publisher.Mono;
import reactor.netty.http.client.HttpClient;

/** The trusted issuers: each JWT is checked by the rules of the one issuer it names, and others' are refused. */
@Component
final class Issuers implements ReactiveAuthenticationManagerResolver<ServerWebExchange> {

    private static final Logger LOG = LoggerFactory.getLogger(Issuers.class);

    /** How far the clocks of an issuer and the broker may be apart, in the checks of {@code exp} and {@code nbf}. */
    private static final Duration SKEW = Duration.ofSeconds(60);

    /** Signatures by key pairs alone: what verifies a token must not be able to make one. */
    private static final Set<JWSAlgorithm> ALGORITHMS = Set.of(
            JWSAlgorithm.RS256,
            JWSAlgorithm.RS384,
            JWSAlgorithm.RS512,
            JWSAlgorithm.PS256,
            JWSAlgorithm.PS384,
            JWSAlgorithm.PS512,
            JWSAlgorithm.ES256,
            JWSAlgorithm.ES384,
            JWSAlgorithm.ES512);

    private final Clock clock;
    private final boolean allowInsecure;
    private final WebClient web = WebClient.builder()
            .clientConnector(new ReactorClientHttpConnector(HttpClient.create().proxyWithSystemProperties()))
            .build();
    private final JwtIssuerReactiveAuthenticationManagerResolver byIssuer;

    Issuers(SecuritySettings settings, Clock clock) {
        this.clock = clock;
        this.allowInsecure = settings.allowInsecureIssuers();
        Map<String, ReactiveAuthenticationManager> managers = new HashMap<>();
        for (SecuritySettings.Issuer issuer : settings.trusted()) {
            managers.put(issuer.uri(), managerFor(issuer, settings.prefixesBeside(issuer)));
        }
        this.byIssuer =
                new JwtIssuerReactiveAuthenticationManagerResolver(issuer -> Mono.justOrEmpty(managers.get(issuer)));
    }

    @Override
    public Mono<ReactiveAuthenticationManager> resolve(ServerWebExchange exchange) {
        return byIssuer.resolve(exchange);
    }

    private ReactiveAuthenticationManager managerFor(SecuritySettings.Issuer issuer, Set<String> othersPrefixes) {
        IssuerKeys keys = new IssuerKeys(issuer.uri(), allowInsecure, web, clock);
        NimbusReactiveJwtDecoder decoder = NimbusReactiveJwtDecoder.withJwkSource(keys::keysFor)
                .jwtProcessorCustomizer(Issuers::restrictAlgorithms)
                .build();
        decoder.setJwtValidator(validator(issuer));
        CallerReader callers = new CallerReader(issuer, othersPrefixes);
        var manager = new JwtReactiveAuthenticationManager(decoder);
        manager.setJwtAuthenticationConverter(
                jwt -> Mono.fromSupplier(() -> new CallerAuthentication(callers.read(jwt))));
        return authentication -> manager.authenticate(authentication)
                .onErrorMap(IllegalStateException.class, fault -> unavailable(issuer.uri(), fault));
    }

    private OAuth2TokenValidator<Jwt> validator(SecuritySettings.Issuer issuer) {
        JwtTimestampValidator timestamps = new JwtTimestampValidator(SKEW);
        timestamps.setClock(clock);
        timestamps.setAllowEmptyExpiryClaim(false);
        JwtTypeValidator types = new JwtTypeValidator("JWT", "at+jwt", "application/at+jwt");
        types.setAllowEmpty(true);
        Set<String> audiences = new HashSet<>(Objects.requireNonNull(issuer.audiences()));
        return new DelegatingOAuth2TokenValidator<>(
                timestamps,
                types,
                new JwtIssuerValidator(issuer.uri()),
                new JwtClaimValidator<List<String>>(
                        "aud", given -> given != null && given.stream().anyMatch(audiences::contains)));
    }

    private static void restrictAlgorithms(ConfigurableJWTProcessor<JWKSecurityContext> processor) {
        processor.setJWSKeySelector(new JWSVerificationKeySelector<>(
                ALGORITHMS, (selector, context) -> selector.select(new JWKSet(context.getKeys()))));
    }

    private static AuthenticationServiceException unavailable(String issuerUri, Throwable fault) {
        LOG.atWarn()
                .addKeyValue("issuer", issuerUri)
                .addKeyValue("fault", LogSafe.escaped(String.valueOf(fault.getCause())))
                .log("no keys of this issuer are known, so that its tokens cannot be checked");
        return new AuthenticationServiceException("no keys of the issuer are known", fault);
    }
}
