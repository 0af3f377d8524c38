package io.tokenbroker.http;

import com.nimbusds.jose.jwk.JWK;
import com.nimbusds.jose.jwk.JWKSet;
import com.nimbusds.jose.util.JSONObjectUtils;
import com.nimbusds.jwt.SignedJWT;
import java.net.URI;
import java.text.ParseException;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.springframework.web.reactive.function.client.WebClient;
import reactor.core.Disposable;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;

/**
 * The keys one issuer signs with, found through its OpenID configuration when first needed, so that an issuer that is
 * down stops neither the start nor, later, the callers whose keys are known. Keys are read again every five minutes,
 * and for a key id never seen, at most every ten seconds: strangers' tokens cannot make the broker flood the issuer.
 * While the issuer cannot be asked, it is tried once a second at most, and of those whose keys are known only the first
 * wait for it. Nothing a token itself points to is ever fetched.
 */
final class IssuerKeys {

    private static final Duration FRESH = Duration.ofMinutes(5);
    private static final Duration PAUSE_AFTER_SUCCESS = Duration.ofSeconds(10);
    private static final Duration PAUSE_AFTER_FAILURE = Duration.ofSeconds(1);
    private static final Duration PATIENCE = Duration.ofSeconds(5);

    private final String issuerUri;
    private final boolean allowInsecure;
    private final WebClient web;
    private final Clock clock;
    private volatile @Nullable Known known;
    private volatile Instant notBefore = Instant.MIN;
    private volatile boolean away;
    private @Nullable Mono<JWKSet> underway;

    private record Known(JWKSet keys, Instant readOn) {}

    IssuerKeys(String issuerUri, boolean allowInsecure, WebClient web, Clock clock) {
        this.issuerUri = issuerUri;
        this.allowInsecure = allowInsecure;
        this.web = web;
        this.clock = clock;
    }

    /** The keys this JWT may have been signed with. Errors only while no key of the issuer is known at all. */
    Flux<JWK> keysFor(SignedJWT jwt) {
        return current(jwt.getHeader().getKeyID()).flatMapIterable(JWKSet::getKeys);
    }

    private Mono<JWKSet> current(@Nullable String keyId) {
        Known held = known;
        Instant now = clock.instant();
        if (held == null) {
            return read();
        }
        boolean stale = now.isAfter(held.readOn().plus(FRESH));
        boolean strange = keyId != null && held.keys().getKeyByKeyId(keyId) == null;
        if (!(stale || strange) || now.isBefore(notBefore)) {
            return Mono.just(held.keys());
        }
        Mono<JWKSet> newer = read().onErrorReturn(held.keys());
        if (away && !strange) {
            Disposable unusedReading = newer.subscribe();
            return Mono.just(held.keys());
        }
        return newer;
    }

    /** What somebody else is reading or has read just now, or else what is read for this caller. */
    private synchronized Mono<JWKSet> read() {
        Mono<JWKSet> running = underway;
        if (running == null) {
            if (clock.instant().isBefore(notBefore)) {
                Known latest = known;
                return latest == null ? Mono.error(new UnreachableIssuer()) : Mono.just(latest.keys());
            }
            running = fetch().cache();
            underway = running;
        }
        return running;
    }

    private Mono<JWKSet> fetch() {
        return document(configurationUri())
                .map(this::jwksUri)
                .flatMap(this::document)
                .map(IssuerKeys::parsed)
                .switchIfEmpty(Mono.error(UnreachableIssuer::new))
                .timeout(PATIENCE)
                .doOnNext(keys -> done(new Known(keys, clock.instant()), PAUSE_AFTER_SUCCESS))
                .doOnError(fault -> done(null, PAUSE_AFTER_FAILURE));
    }

    private synchronized void done(@Nullable Known result, Duration pause) {
        known = result == null ? known : result;
        away = result == null;
        notBefore = clock.instant().plus(pause);
        underway = null;
    }

    private Mono<String> document(String uri) {
        return web.get().uri(URI.create(uri)).retrieve().bodyToMono(String.class);
    }

    private String configurationUri() {
        String base = issuerUri.endsWith("/") ? issuerUri.substring(0, issuerUri.length() - 1) : issuerUri;
        return base + "/.well-known/openid-configuration";
    }

    private String jwksUri(String configuration) {
        try {
            var fields = JSONObjectUtils.parse(configuration);
            String uri = JSONObjectUtils.getString(fields, "jwks_uri");
            if (!issuerUri.equals(JSONObjectUtils.getString(fields, "issuer")) || uri == null) {
                throw new UnreachableIssuer();
            }
            if (!allowInsecure && !SecuritySettings.isSecure(uri)) {
                throw new UnreachableIssuer();
            }
            return uri;
        } catch (ParseException notConfiguration) {
            throw new UnreachableIssuer();
        }
    }

    private static JWKSet parsed(String document) {
        try {
            List<JWK> publicKeys = JWKSet.parse(document).toPublicJWKSet().getKeys();
            return new JWKSet(publicKeys);
        } catch (ParseException notKeys) {
            throw new UnreachableIssuer();
        }
    }

    /** The issuer cannot be asked, or what it says is no OpenID configuration of this issuer. */
    static final class UnreachableIssuer extends RuntimeException {
        private static final long serialVersionUID = 1L;

        UnreachableIssuer() {
            super("an issuer's keys cannot be read", null, false, false);
        }
    }
}
