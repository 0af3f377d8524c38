package io.tokenbroker.http;

import com.nimbusds.jose.JOSEException;
import com.nimbusds.jose.JOSEObjectType;
import com.nimbusds.jose.JWSAlgorithm;
import com.nimbusds.jose.JWSHeader;
import com.nimbusds.jose.crypto.RSASSASigner;
import com.nimbusds.jose.jwk.JWK;
import com.nimbusds.jose.jwk.JWKSet;
import com.nimbusds.jose.jwk.RSAKey;
import com.nimbusds.jose.jwk.gen.RSAKeyGenerator;
import com.nimbusds.jwt.JWTClaimsSet;
import com.nimbusds.jwt.SignedJWT;
import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Date;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.UnaryOperator;

/** An OpenID issuer on loopback, just large enough to be believed. */
final class TestIssuer {

    static final String AUDIENCE = "tokenbroker";

    private final HttpServer server;
    private final AtomicInteger configurationReads = new AtomicInteger();
    private final AtomicInteger keyReads = new AtomicInteger();
    private volatile RSAKey key = newKey("first");
    private final List<RSAKey> retired = new CopyOnWriteArrayList<>();
    private volatile boolean up = true;
    private volatile boolean mute;

    private TestIssuer(HttpServer server) {
        this.server = server;
    }

    static TestIssuer start() {
        try {
            HttpServer server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
            TestIssuer issuer = new TestIssuer(server);
            server.createContext("/.well-known/openid-configuration", issuer::configuration);
            server.createContext("/jwks", issuer::keys);
            server.start();
            return issuer;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    String uri() {
        return "http://localhost:" + server.getAddress().getPort();
    }

    void goDown() {
        up = false;
    }

    void comeUp() {
        up = true;
    }

    /** Answers without a word. */
    void goMute() {
        mute = true;
    }

    void speakAgain() {
        mute = false;
    }

    /** From now on there is only the new key. */
    void rotateTo(String keyId) {
        key = newKey(keyId);
        retired.clear();
    }

    /** The new key signs, and the old one still counts. */
    void rotateGentlyTo(String keyId) {
        retired.add(key);
        key = newKey(keyId);
    }

    void forgetRetiredKeys() {
        retired.clear();
    }

    int configurationReads() {
        return configurationReads.get();
    }

    int keyReads() {
        return keyReads.get();
    }

    String token(String subject, Role... roles) {
        List<String> names = List.of(roles).stream().map(Role::claim).toList();
        return token(claims -> claims.subject(subject).claim("roles", names));
    }

    String token(UnaryOperator<JWTClaimsSet.Builder> change) {
        return signed(JWSAlgorithm.RS256, key, change);
    }

    String signed(JWSAlgorithm algorithm, RSAKey with, UnaryOperator<JWTClaimsSet.Builder> change) {
        Instant now = Instant.now();
        JWTClaimsSet.Builder claims = new JWTClaimsSet.Builder()
                .issuer(uri())
                .audience(AUDIENCE)
                .subject("somebody")
                .issueTime(Date.from(now))
                .expirationTime(Date.from(now.plusSeconds(600)));
        JWSHeader header = new JWSHeader.Builder(algorithm)
                .type(JOSEObjectType.JWT)
                .keyID(with.getKeyID())
                .build();
        try {
            SignedJWT jwt = new SignedJWT(header, change.apply(claims).build());
            jwt.sign(new RSASSASigner(with));
            return jwt.serialize();
        } catch (JOSEException e) {
            throw new IllegalStateException(e);
        }
    }

    RSAKey key() {
        return key;
    }

    static RSAKey newKey(String keyId) {
        try {
            return new RSAKeyGenerator(2048).keyID(keyId).generate();
        } catch (JOSEException e) {
            throw new IllegalStateException(e);
        }
    }

    private void configuration(HttpExchange exchange) throws IOException {
        configurationReads.incrementAndGet();
        answer(exchange, "{\"issuer\":\"" + uri() + "\",\"jwks_uri\":\"" + uri() + "/jwks\"}");
    }

    private void keys(HttpExchange exchange) throws IOException {
        keyReads.incrementAndGet();
        List<JWK> keys = new ArrayList<>(retired);
        keys.add(key);
        answer(exchange, new JWKSet(keys).toString());
    }

    private void answer(HttpExchange exchange, String json) throws IOException {
        byte[] body = mute ? new byte[0] : json.getBytes(StandardCharsets.UTF_8);
        exchange.getResponseHeaders().set("Content-Type", "application/json");
        exchange.sendResponseHeaders(up ? 200 : 503, mute ? -1 : body.length);
        exchange.getResponseBody().write(body);
        exchange.close();
    }
}
