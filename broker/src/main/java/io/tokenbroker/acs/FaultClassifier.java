package io.tokenbroker.acs;

import com.azure.communication.identity.models.IdentityError;
import com.azure.communication.identity.models.IdentityErrorResponseException;
import com.azure.core.exception.ClientAuthenticationException;
import com.azure.core.exception.HttpResponseException;
import com.azure.core.http.HttpHeaderName;
import com.azure.core.http.HttpResponse;
import io.tokenbroker.acs.Failure.Kind;
import io.tokenbroker.acs.Failure.Reach;
import java.net.ConnectException;
import java.net.NoRouteToHostException;
import java.net.UnknownHostException;
import java.time.Clock;
import java.time.DateTimeException;
import java.time.Duration;
import java.time.ZonedDateTime;
import java.time.format.DateTimeFormatter;
import java.util.Locale;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicInteger;
import javax.net.ssl.SSLHandshakeException;
import org.jspecify.annotations.Nullable;
import reactor.core.Exceptions;

/**
 * Says of every failed call of one ACS resource what it means; nobody else looks into the SDK's exceptions. Goes by
 * {@code error.code} where there is one, else by the status. Thread-safe.
 */
final class FaultClassifier {

    /** So many refusals in a row for identities of another resource are no longer those identities' fault. */
    static final int NOT_OWNED_IN_A_ROW = 5;

    private static final HttpHeaderName RETRY_AFTER_MS = HttpHeaderName.fromString("retry-after-ms");
    private static final int DEEPEST_CAUSE = 10;

    private final boolean current;
    private final Clock clock;
    private final AtomicInteger notOwned = new AtomicInteger();

    /** @param current whether it is the resource that new identities are made on */
    FaultClassifier(boolean current, Clock clock) {
        this.current = current;
        this.clock = clock;
    }

    /** To be told of each success: it ends the row of identities not owned. */
    void succeeded() {
        notOwned.set(0);
    }

    Failure classify(Operation operation, Throwable thrown) {
        Throwable cause = Exceptions.unwrap(thrown);
        for (int depth = 0; cause != null && depth < DEEPEST_CAUSE; depth++) {
            if (cause instanceof Failure failure) {
                return failure;
            }
            Failure failure = ofKnown(operation, cause);
            if (failure != null) {
                return failure;
            }
            cause = cause.getCause();
        }
        return silence(operation, Reach.SENT, Exceptions.unwrap(thrown));
    }

    private @Nullable Failure ofKnown(Operation operation, Throwable error) {
        if (error instanceof HttpResponseException answered && answered.getResponse() != null) {
            return ofAnswer(operation, answered, answered.getResponse());
        }
        if (error instanceof ClientAuthenticationException) {
            String code = "CredentialUnavailable";
            return new Failure(
                    Kind.MISCONFIGURED, Reach.NOT_SENT, code, operation.settingName() + ": " + code, null, error);
        }
        if (error instanceof ConnectException
                || error instanceof UnknownHostException
                || error instanceof NoRouteToHostException
                || error instanceof SSLHandshakeException
                || error.getClass().getSimpleName().startsWith("PoolAcquire")) {
            return silence(operation, Reach.NOT_SENT, error);
        }
        if (error instanceof TimeoutException) {
            return silence(operation, Reach.SENT, error);
        }
        return null;
    }

    private static Failure silence(Operation operation, Reach reach, Throwable error) {
        String code = error.getClass().getSimpleName();
        String message = operation.settingName() + ": no answer, " + code + ": "
                + rootOf(error).getMessage();
        return new Failure(Kind.RETRIABLE, reach, code, message, null, error);
    }

    /** TLS tells the reason at the very bottom only. */
    private static Throwable rootOf(Throwable error) {
        Throwable root = error;
        for (int depth = 0; depth < DEEPEST_CAUSE; depth++) {
            Throwable cause = root.getCause();
            if (cause == null) {
                return root;
            }
            root = cause;
        }
        return root;
    }

    private Failure ofAnswer(Operation operation, HttpResponseException error, HttpResponse response) {
        int status = response.getStatusCode();
        IdentityError said = error instanceof IdentityErrorResponseException known ? known.getValue() : null;
        String code = said == null || said.getCode() == null ? "Http" + status : said.getCode();
        String words = said == null || said.getMessage() == null ? "" : said.getMessage();
        Kind kind = kindOf(operation, status, code, words);
        Duration retryAfter = kind == Kind.THROTTLED ? retryAfter(response) : null;
        String message = "%s: answered %d %s".formatted(operation.settingName(), status, code);
        return new Failure(kind, Reach.ANSWERED, code, message, retryAfter, null);
    }

    private Kind kindOf(Operation operation, int status, String code, String words) {
        if (status == 429) {
            return Kind.THROTTLED;
        }
        if (status == 408 || status >= 500 || status < 400) {
            return Kind.RETRIABLE;
        }
        if (operation.takesAway() && isGone(status, code, words)) {
            return Kind.GONE;
        }
        if (code.equals(Routed.DISOWNED)) {
            int inARow = notOwned.incrementAndGet();
            return current && inARow >= NOT_OWNED_IN_A_ROW ? Kind.MISCONFIGURED : Kind.REFUSED;
        }
        // what is exchanged is the caller's, who must not be able to make an outage of it
        if (code.equals("InvalidAccessToken") || (operation == Operation.EXCHANGE && !code.equals("Denied"))) {
            return Kind.REFUSED;
        }
        return isMisconfigured(operation, status, code) ? Kind.MISCONFIGURED : Kind.REFUSED;
    }

    private static boolean isGone(int status, String code, String words) {
        return status == 404
                || code.equals("IdentityNotFound")
                || words.toLowerCase(Locale.ROOT).contains("doesn't exist");
    }

    /**
     * Besides credentials: an API version that ACS does not know, and an endpoint where identities cannot be made. Both
     * would fail every call alike.
     */
    private static boolean isMisconfigured(Operation operation, int status, String code) {
        return status == 401
                || status == 403
                || code.contains("ApiVersion")
                || (status == 404 && operation.makesIdentity());
    }

    private @Nullable Duration retryAfter(HttpResponse response) {
        String millis = response.getHeaderValue(RETRY_AFTER_MS);
        String given = response.getHeaderValue(HttpHeaderName.RETRY_AFTER);
        try {
            if (millis != null) {
                return Duration.ofMillis(Math.max(0, Long.parseLong(millis.trim())));
            }
            if (given == null) {
                return null;
            }
            if (Character.isDigit(given.trim().charAt(0))) {
                return Duration.ofSeconds(Long.parseLong(given.trim()));
            }
            var at = ZonedDateTime.parse(given.trim(), DateTimeFormatter.RFC_1123_DATE_TIME);
            Duration rest = Duration.between(clock.instant(), at);
            return rest.isNegative() ? Duration.ZERO : rest;
        } catch (NumberFormatException | IndexOutOfBoundsException | DateTimeException unreadable) {
            return null;
        }
    }
}
