package io.tokenbroker.local;

import com.nimbusds.jose.JOSEException;
import com.nimbusds.jose.JOSEObjectType;
import com.nimbusds.jose.JWSAlgorithm;
import com.nimbusds.jose.JWSHeader;
import com.nimbusds.jose.crypto.RSASSASigner;
import com.nimbusds.jose.jwk.JWKSet;
import com.nimbusds.jose.jwk.RSAKey;
import com.nimbusds.jose.util.JSONObjectUtils;
import com.nimbusds.jwt.JWTClaimsSet;
import com.nimbusds.jwt.SignedJWT;
import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import io.tokenbroker.local.AccessTokenRequest.InvalidRequest;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Instant;
import java.util.Date;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import org.jspecify.annotations.Nullable;

/**
 * An OpenID Connect issuer that gives a token to whoever asks, for development: discovery, keys and
 * {@code /access-token}. It answers to loopback names alone and the one it was given, so that no page in a browser can
 * bring a name of its own to it; with a name of loopback it listens on loopback alone.
 */
final class DevelopmentIssuer implements AutoCloseable {
    private static final String DISCOVERY = "/.well-known/openid-configuration";
    private static final String KEYS = "/.well-known/jwks.json";
    private static final String ACCESS_TOKEN = "/access-token";
    private static final Set<String> LOOPBACK = Set.of(LocalPort.HOST, "localhost", "[::1]");
    private static final String JSON = "application/json";
    private static final String TEXT = "text/plain; charset=utf-8";

    private final HttpServer server;
    private final ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor();
    private final RSAKey key;
    private final Clock clock;
    private final String issuer;

    private final String host;

    private DevelopmentIssuer(HttpServer server, String host, RSAKey key, Clock clock) {
        this.server = server;
        this.host = host;
        this.key = key;
        this.clock = clock;
        this.issuer = "http://" + host + ":" + server.getAddress().getPort();
    }

    /**
     * @param host the name that tokens name it by; with any but loopback's it listens on every address, as it has to in a
     *     container
     * @param port 0 for a free one
     * @param directory where its key is, or comes to be
     */
    static DevelopmentIssuer start(String host, int port, Path directory, Clock clock) throws IOException {
        RSAKey key = SigningKey.in(directory);
        InetSocketAddress address = LOOPBACK.contains(host)
                ? new InetSocketAddress(InetAddress.getLoopbackAddress(), port)
                : new InetSocketAddress(port);
        HttpServer server = HttpServer.create(address, 0);
        DevelopmentIssuer issuer = new DevelopmentIssuer(server, host, key, clock);
        server.setExecutor(issuer.threads);
        server.createContext("/", issuer::answer);
        server.start();
        return issuer;
    }

    /** What tokens name as {@code iss}, and where discovery is found. */
    String uri() {
        return issuer;
    }

    @Override
    public void close() {
        server.stop(0);
        threads.close();
    }

    private void answer(HttpExchange exchange) throws IOException {
        try (exchange) {
            if (!isOurs(exchange.getRequestHeaders().getFirst("Host"))) {
                send(exchange, 403, TEXT, "this issuer answers to loopback names and its own alone\n");
            } else if (!exchange.getRequestMethod().equals("GET")) {
                exchange.getResponseHeaders().set("Allow", "GET");
                send(exchange, 405, TEXT, "allowed: GET\n");
            } else {
                get(exchange);
            }
        }
    }

    private void get(HttpExchange exchange) throws IOException {
        switch (exchange.getRequestURI().getPath()) {
            case DISCOVERY -> send(exchange, 200, JSON, JSONObjectUtils.toJSONString(discovery()));
            case KEYS -> send(exchange, 200, JSON, new JWKSet(key.toPublicJWK()).toString(true));
            case ACCESS_TOKEN -> {
                try {
                    String query = exchange.getRequestURI().getRawQuery();
                    send(exchange, 200, TEXT, accessToken(AccessTokenRequest.parse(query)));
                } catch (InvalidRequest e) {
                    send(exchange, 400, TEXT, e.getMessage() + "\n");
                }
            }
            default -> send(exchange, 404, TEXT, "here are " + String.join(", ", DISCOVERY, KEYS, ACCESS_TOKEN) + "\n");
        }
    }

    private Map<String, Object> discovery() {
        return Map.of(
                "issuer",
                issuer,
                "jwks_uri",
                issuer + KEYS,
                "authorization_endpoint",
                issuer + ACCESS_TOKEN,
                "response_types_supported",
                List.of("token"),
                "subject_types_supported",
                List.of("public"),
                "id_token_signing_alg_values_supported",
                List.of(JWSAlgorithm.RS256.getName()));
    }

    private String accessToken(AccessTokenRequest request) {
        Instant now = clock.instant();
        Instant expiry = now.plus(request.lifetime());
        JWTClaimsSet claims = new JWTClaimsSet.Builder()
                .issuer(issuer)
                .subject(request.subject())
                .audience(request.audience())
                .issueTime(Date.from(request.lifetime().isNegative() ? expiry.minusSeconds(1) : now))
                .expirationTime(Date.from(expiry))
                .jwtID(UUID.randomUUID().toString())
                .claim("roles", request.roles())
                .build();
        JWSHeader header = new JWSHeader.Builder(JWSAlgorithm.RS256)
                .keyID(key.getKeyID())
                .type(JOSEObjectType.JWT)
                .build();
        SignedJWT token = new SignedJWT(header, claims);
        try {
            token.sign(new RSASSASigner(key));
        } catch (JOSEException e) {
            throw new IllegalStateException("the issuer's key does not sign", e);
        }
        return token.serialize();
    }

    private boolean isOurs(@Nullable String asked) {
        String name = asked == null ? "" : asked.replaceFirst(":\\d+$", "");
        return name.equals(host) || LOOPBACK.contains(name);
    }

    private static void send(HttpExchange exchange, int status, String type, String body) throws IOException {
        byte[] bytes = body.getBytes(StandardCharsets.UTF_8);
        exchange.getResponseHeaders().set("Content-Type", type);
        exchange.getResponseHeaders().set("Cache-Control", "no-store");
        exchange.sendResponseHeaders(status, bytes.length);
        exchange.getResponseBody().write(bytes);
    }
}
