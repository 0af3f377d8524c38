package io.tokenbroker.emulator;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.tokenbroker.emulator.Answer.Refusal;
import io.tokenbroker.emulator.keys.AccessKeys;
import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDateTime;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.time.format.DateTimeParseException;
import java.util.Base64;
import java.util.Locale;
import java.util.Optional;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;

/**
 * Whether a request was made by someone who may.
 *
 * <p>An access key's signature is checked as Azure documents it ("Sign an HTTP request", HMAC-SHA256). An Entra token
 * cannot be: the emulator has no directory to ask, so any token that has not expired and is meant for Communication
 * Services will do.
 */
final class RequestSignature {
    private static final String SCHEME = "HMAC-SHA256 SignedHeaders=x-ms-date;host;x-ms-content-sha256&Signature=";
    private static final String BEARER = "Bearer ";
    private static final String AUDIENCE = "https://communication.azure.com";
    private static final Duration SKEW = Duration.ofMinutes(5);
    private static final DateTimeFormatter DATE =
            DateTimeFormatter.ofPattern("EEE, dd MMM yyyy HH:mm:ss 'GMT'", Locale.ENGLISH);

    private final AccessKeys keys;
    private final Clock clock;

    RequestSignature(AccessKeys keys, Clock clock) {
        this.keys = keys;
        this.clock = clock;
    }

    Optional<Refusal> refusal(ApiRequest request) {
        String authorization = request.header("authorization").orElse("");
        if (authorization.startsWith(BEARER)) {
            return bearerRefusal(authorization.substring(BEARER.length()));
        }
        if (!authorization.startsWith(SCHEME)) {
            return denied("the Authorization header is neither a bearer token nor a signature over "
                    + "x-ms-date;host;x-ms-content-sha256");
        }
        return signatureRefusal(request, authorization.substring(SCHEME.length()));
    }

    private Optional<Refusal> bearerRefusal(String token) {
        boolean accepted = UnverifiedJwt.parse(token)
                .filter(jwt -> jwt.isFor(AUDIENCE) && jwt.expiresOn().isAfter(clock.instant()))
                .isPresent();
        return accepted ? Optional.empty() : denied("the bearer token has ended or is not for " + AUDIENCE);
    }

    private Optional<Refusal> signatureRefusal(ApiRequest request, String signature) {
        String date = request.header("x-ms-date").orElse("");
        if (!isNow(date)) {
            return denied("x-ms-date is not within five minutes of the emulator's clock");
        }
        String contentHash = request.header("x-ms-content-sha256").orElse("");
        if (!contentHash.equals(base64Sha256(request.content()))) {
            return denied("x-ms-content-sha256 is not the hash of the content");
        }
        String host = request.header("host").orElse("");
        String hostWithoutPort = host.replaceFirst(":\\d+$", "");
        boolean signed = matches(signature, request, date + ";" + hostWithoutPort + ";" + contentHash)
                || matches(signature, request, date + ";" + host + ";" + contentHash);
        return signed ? Optional.empty() : denied("the signature does not match");
    }

    private boolean isNow(String date) {
        try {
            Instant sent = LocalDateTime.parse(date, DATE).toInstant(ZoneOffset.UTC);
            return Duration.between(sent, clock.instant()).abs().compareTo(SKEW) <= 0;
        } catch (DateTimeParseException e) {
            return false;
        }
    }

    private boolean matches(String signature, ApiRequest request, String signedHeaders) {
        String toSign = request.method() + "\n" + request.target() + "\n" + signedHeaders;
        return keys.all().stream()
                .anyMatch(key -> MessageDigest.isEqual(signed(toSign, key).getBytes(UTF_8), signature.getBytes(UTF_8)));
    }

    private static String signed(String text, byte[] key) {
        try {
            Mac mac = Mac.getInstance("HmacSHA256");
            mac.init(new SecretKeySpec(key, "HmacSHA256"));
            return Base64.getEncoder().encodeToString(mac.doFinal(text.getBytes(UTF_8)));
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("Every JDK has HMAC-SHA256", e);
        }
    }

    private static String base64Sha256(byte[] content) {
        try {
            return Base64.getEncoder()
                    .encodeToString(MessageDigest.getInstance("SHA-256").digest(content));
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("Every JDK has SHA-256", e);
        }
    }

    private static Optional<Refusal> denied(String reason) {
        return Optional.of(Refusal.denied(reason));
    }
}
