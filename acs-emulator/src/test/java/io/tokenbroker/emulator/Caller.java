package io.tokenbroker.emulator;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.azure.communication.identity.CommunicationIdentityAsyncClient;
import com.azure.communication.identity.CommunicationIdentityClientBuilder;
import com.azure.core.http.netty.NettyAsyncHttpClientBuilder;
import com.azure.core.http.policy.FixedDelayOptions;
import com.azure.core.http.policy.RetryOptions;
import com.azure.core.http.policy.RetryPolicy;
import io.netty.handler.ssl.SslContext;
import io.netty.handler.ssl.SslContextBuilder;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.security.MessageDigest;
import java.security.cert.CertificateFactory;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.Base64;
import java.util.Locale;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;
import javax.net.ssl.SSLContext;
import javax.net.ssl.TrustManagerFactory;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** Calls an emulator: over HTTP with a signature of its own making, through the Azure SDK, and on the control port. */
final class Caller {
    static final String ISSUE = "/:issueAccessToken?api-version=2023-10-01";
    static final String REVOKE = "/:revokeAccessTokens?api-version=2023-10-01";
    static final String CREATE = "/identities?api-version=2023-10-01";
    static final String EXCHANGE = "/teamsUser/:exchangeAccessToken?api-version=2023-10-01";

    private static final DateTimeFormatter DATE =
            DateTimeFormatter.ofPattern("EEE, dd MMM yyyy HH:mm:ss 'GMT'", Locale.ENGLISH);

    private final int controlPort;
    private final String connectionString;
    private final String caPem;
    private final SSLContext tls;
    private final HttpClient http;

    /** Learns all it needs to know on the control port, and signs with the primary key. */
    Caller(int controlPort) {
        this(controlPort, "primary");
    }

    /** @param key which of the two to sign with */
    Caller(int controlPort, String key) {
        this.controlPort = controlPort;
        HttpClient plain = HttpClient.newHttpClient();
        caPem = send(plain, controlRequest("GET", "/emulator/ca.pem", "")).body();
        connectionString = send(plain, controlRequest("GET", "/emulator/connection-string?key=" + key, ""))
                .body();
        tls = trusting(caPem);
        http = HttpClient.newBuilder()
                .version(HttpClient.Version.HTTP_1_1)
                .sslContext(tls)
                .build();
    }

    Caller(AcsEmulator emulator) {
        this(emulator.controlPort());
    }

    /** Trusts the emulator. */
    SSLContext tls() {
        return tls;
    }

    String endpoint() {
        return connectionString.substring("endpoint=".length(), connectionString.indexOf("/;accesskey="));
    }

    /** The SDK's client without its retries. */
    CommunicationIdentityAsyncClient sdk() {
        return sdkBuilder().connectionString(connectionString).buildAsyncClient();
    }

    CommunicationIdentityClientBuilder sdkBuilder() {
        try {
            SslContext tls = SslContextBuilder.forClient()
                    .trustManager(new ByteArrayInputStream(caPem.getBytes(UTF_8)))
                    .build();
            var netty = reactor.netty.http.client.HttpClient.create().secure(spec -> spec.sslContext(tls));
            return new CommunicationIdentityClientBuilder()
                    .endpoint(endpoint())
                    .httpClient(new NettyAsyncHttpClientBuilder(netty).build())
                    .retryPolicy(new RetryPolicy(new RetryOptions(new FixedDelayOptions(0, Duration.ofMillis(1)))));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    HttpResponse<String> post(String target, String body) {
        return send(request("POST", target, body));
    }

    HttpResponse<String> delete(String id) {
        return send(request("DELETE", "/identities/" + id + "?api-version=2023-10-01", ""));
    }

    String anIdentity() {
        return json(post(CREATE, "")).at("/identity/id").asString();
    }

    /** A signed request, for the caller to send as it is or spoil. */
    HttpRequest.Builder request(String method, String target, String body) {
        return request(method, target, body, Instant.now(), "localhost");
    }

    HttpRequest.Builder request(String method, String target, String body, Instant at, String host) {
        String date = DATE.format(at.atOffset(ZoneOffset.UTC));
        String hash = sha256(body);
        String signature = sign(method + "\n" + target + "\n" + date + ";" + host + ";" + hash);
        return HttpRequest.newBuilder(URI.create(endpoint() + target))
                .method(method, HttpRequest.BodyPublishers.ofString(body))
                .timeout(Duration.ofSeconds(10))
                .header("Content-Type", "application/json")
                .header("x-ms-date", date)
                .header("x-ms-content-sha256", hash)
                .header(
                        "Authorization",
                        "HMAC-SHA256 SignedHeaders=x-ms-date;host;x-ms-content-sha256&Signature=" + signature);
    }

    HttpResponse<String> send(HttpRequest.Builder request) {
        return send(http, request);
    }

    HttpResponse<String> control(String method, String path, String body) {
        return send(controlRequest(method, path, body));
    }

    private HttpRequest.Builder controlRequest(String method, String path, String body) {
        return HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + controlPort + path))
                .method(method, HttpRequest.BodyPublishers.ofString(body));
    }

    private static HttpResponse<String> send(HttpClient http, HttpRequest.Builder request) {
        try {
            return http.send(request.build(), HttpResponse.BodyHandlers.ofString());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (InterruptedException e) {
            throw new IllegalStateException(e);
        }
    }

    JsonNode control(String path) {
        return json(control("GET", path, ""));
    }

    void faults(String json) {
        HttpResponse<String> answer = control("PUT", "/emulator/faults", json);
        if (answer.statusCode() != 200) {
            throw new IllegalArgumentException(answer.body());
        }
    }

    static JsonNode json(HttpResponse<String> response) {
        return JsonMapper.shared().readTree(response.body());
    }

    static JsonNode json(String text) {
        return JsonMapper.shared().readTree(text);
    }

    static String errorCode(HttpResponse<String> response) {
        return json(response).at("/error/code").asString();
    }

    /** A JWT that nobody signed. */
    static String unsigned(String claims) {
        var encoder = Base64.getUrlEncoder().withoutPadding();
        return encoder.encodeToString("{\"alg\":\"none\"}".getBytes(UTF_8)) + "."
                + encoder.encodeToString(claims.getBytes(UTF_8)) + ".";
    }

    private String sign(String text) {
        try {
            String key = connectionString.split("accesskey=")[1];
            Mac mac = Mac.getInstance("HmacSHA256");
            mac.init(new SecretKeySpec(Base64.getDecoder().decode(key), "HmacSHA256"));
            return Base64.getEncoder().encodeToString(mac.doFinal(text.getBytes(UTF_8)));
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException(e);
        }
    }

    static String sha256(String body) {
        try {
            return Base64.getEncoder()
                    .encodeToString(MessageDigest.getInstance("SHA-256").digest(body.getBytes(UTF_8)));
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException(e);
        }
    }

    private static SSLContext trusting(String pem) {
        try {
            KeyStore store = KeyStore.getInstance(KeyStore.getDefaultType());
            store.load(null, null);
            store.setCertificateEntry(
                    "ca",
                    CertificateFactory.getInstance("X.509")
                            .generateCertificate(new ByteArrayInputStream(pem.getBytes(UTF_8))));
            var trust = TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm());
            trust.init(store);
            SSLContext context = SSLContext.getInstance("TLS");
            context.init(null, trust.getTrustManagers(), null);
            return context;
        } catch (GeneralSecurityException | IOException e) {
            throw new IllegalStateException(e);
        }
    }
}
