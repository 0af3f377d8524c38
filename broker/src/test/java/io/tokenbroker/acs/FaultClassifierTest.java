package io.tokenbroker.acs;

import static org.assertj.core.api.Assertions.assertThat;

import com.azure.communication.identity.models.IdentityError;
import com.azure.communication.identity.models.IdentityErrorResponseException;
import com.azure.core.exception.ClientAuthenticationException;
import com.azure.core.exception.HttpResponseException;
import com.azure.core.http.HttpHeaderName;
import com.azure.core.http.HttpHeaders;
import com.azure.core.http.HttpMethod;
import com.azure.core.http.HttpRequest;
import com.azure.core.http.HttpResponse;
import io.tokenbroker.acs.Failure.Kind;
import io.tokenbroker.acs.Failure.Reach;
import io.tokenbroker.lifecycle.AcsFault;
import java.io.IOException;
import java.net.ConnectException;
import java.net.NoRouteToHostException;
import java.net.UnknownHostException;
import java.nio.ByteBuffer;
import java.nio.charset.Charset;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.List;
import java.util.concurrent.TimeoutException;
import javax.net.ssl.SSLHandshakeException;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;
import reactor.core.Exceptions;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;

class FaultClassifierTest {

    private static final Clock CLOCK = Clock.fixed(Instant.parse("2026-11-20T10:00:00Z"), ZoneOffset.UTC);

    private final FaultClassifier classifier = new FaultClassifier(true, CLOCK);

    @ParameterizedTest
    @CsvSource({
        "CREATE, 408, RequestTimeout, RETRIABLE",
        "CREATE, 500, InternalServerError, RETRIABLE",
        "DELETE, 502, , RETRIABLE",
        "ISSUE, 503, ServiceUnavailable, RETRIABLE",
        "REVOKE, 504, , RETRIABLE",
        "CREATE, 200, , RETRIABLE",
        "CREATE, 429, TooManyRequests, THROTTLED",
        "ISSUE, 429, , THROTTLED",
        "CREATE, 400, BadRequest, REFUSED",
        "ISSUE, 400, InvalidScopes, REFUSED",
        "ISSUE, 404, , REFUSED",
        "ISSUE, 409, Conflict, REFUSED",
        "CREATE, 413, , REFUSED",
        "EXCHANGE, 401, InvalidAccessToken, REFUSED",
        "DELETE, 404, , GONE",
        "REVOKE, 404, IdentityNotFound, GONE",
        "REVOKE, 400, IdentityNotFound, GONE",
        "CREATE, 401, Denied, MISCONFIGURED",
        "DELETE, 401, Denied, MISCONFIGURED",
        "ISSUE, 401, , MISCONFIGURED",
        "CREATE, 401, Unauthorized, MISCONFIGURED",
        "CREATE, 403, Forbidden, MISCONFIGURED",
        "CREATE, 404, , MISCONFIGURED",
        "CREATE_USER_AND_TOKEN, 404, ResourceNotFound, MISCONFIGURED",
        "ISSUE, 400, UnsupportedApiVersionValue, MISCONFIGURED",
    })
    void anAnswerMeans(Operation operation, int status, @Nullable String code, Kind kind) {
        Failure failure = classifier.classify(operation, answer(status, code, "", null, null));

        assertThat(failure.kind()).isEqualTo(kind);
        assertThat(failure.reach()).isEqualTo(Reach.ANSWERED);
        assertThat(failure.code()).isEqualTo(code == null ? "Http" + status : code);
    }

    @ParameterizedTest
    @EnumSource(
            value = Operation.class,
            names = {"REVOKE", "DELETE"})
    void takingFromAnIdentityThatDoesNotExistIsDone(Operation operation) {
        var error = answer(400, "ValidationError", "Provided identity doesn't exist.", null, null);
        assertThat(classifier.classify(operation, error).kind()).isEqualTo(Kind.GONE);
        assertThat(classifier.classify(Operation.ISSUE, error).kind()).isEqualTo(Kind.REFUSED);
    }

    @Test
    void identitiesOfOthersAreRefusedUntilTheCurrentResourceSaysSoFiveTimesInARow() {
        var error = answer(401, "IdentityNotOwned", "", null, null);
        for (int i = 0; i < 4; i++) {
            assertThat(classifier.classify(Operation.DELETE, error).kind()).isEqualTo(Kind.REFUSED);
        }
        assertThat(classifier.classify(Operation.DELETE, error).kind()).isEqualTo(Kind.MISCONFIGURED);
        assertThat(classifier.classify(Operation.ISSUE, error).kind()).isEqualTo(Kind.MISCONFIGURED);

        classifier.succeeded();

        assertThat(classifier.classify(Operation.DELETE, error).kind()).isEqualTo(Kind.REFUSED);
    }

    @Test
    void aRetiringResourceMayDisownAsOftenAsItLikes() {
        var retiring = new FaultClassifier(false, CLOCK);
        for (int i = 0; i < 20; i++) {
            var error = answer(401, "IdentityNotOwned", "", null, null);
            assertThat(retiring.classify(Operation.DELETE, error).kind()).isEqualTo(Kind.REFUSED);
        }
    }

    @Test
    void withoutAConnectionNothingWasSent() {
        for (Throwable error : List.of(
                new ConnectException("refused"),
                new UnknownHostException("nowhere"),
                new NoRouteToHostException("no route"),
                new SSLHandshakeException("PKIX path building failed"),
                Exceptions.propagate(new IOException(new ConnectException("refused"))))) {
            Failure failure = classifier.classify(Operation.CREATE, error);
            assertThat(failure.kind()).isEqualTo(Kind.RETRIABLE);
            assertThat(failure.reach()).as(error.toString()).isEqualTo(Reach.NOT_SENT);
        }
    }

    @Test
    void withoutAnAnswerTheWorkMayBeDone() {
        for (Throwable error : List.of(
                new TimeoutException("10 s"),
                new IOException("Connection reset by peer"),
                new IllegalArgumentException("not an ACS identity id"))) {
            Failure failure = classifier.classify(Operation.CREATE, error);
            assertThat(failure.kind()).isEqualTo(Kind.RETRIABLE);
            assertThat(failure.reach()).isEqualTo(Reach.SENT);
        }
    }

    @Test
    void anEntraCredentialThatCannotBeHadIsAMisconfiguration() {
        var error = new ClientAuthenticationException("no credential in the chain", null);
        assertThat(classifier.classify(Operation.CREATE, error).kind()).isEqualTo(Kind.MISCONFIGURED);
    }

    @Test
    void whatIsClassifiedStaysSo() {
        Failure failure = GovernorFixture.refused();
        assertThat(classifier.classify(Operation.CREATE, new IllegalStateException(failure)))
                .isSameAs(failure);
    }

    @ParameterizedTest
    @CsvSource({"Retry-After, 17, PT17S", "retry-after-ms, 1500, PT1.5S"})
    void theWaitThatAcsAsksForIsKept(String header, String value, Duration expected) {
        var error = answer(429, null, "", header, value);
        assertThat(classifier.classify(Operation.CREATE, error).retryAfter()).hasValue(expected);
    }

    @Test
    void aWaitMayBeGivenAsADate() {
        var error = answer(429, null, "", "Retry-After", "Fri, 20 Nov 2026 10:00:30 GMT");
        assertThat(classifier.classify(Operation.CREATE, error).retryAfter()).hasValue(Duration.ofSeconds(30));
    }

    @ParameterizedTest
    @ValueSource(strings = {"soon", "", "1e9", "-"})
    void aWaitThatCannotBeReadIsNone(String value) {
        var error = answer(429, null, "", "Retry-After", value);
        assertThat(classifier.classify(Operation.CREATE, error).retryAfter()).isEmpty();
    }

    @Test
    void theMessageHasOperationStatusAndCodeAndNothingOfTheBody() {
        var error = answer(401, "Denied", "secret words", null, null);
        AcsFault fault = classifier.classify(Operation.CREATE, error).asFault();
        assertThat(fault).hasMessage("create: answered 401 Denied");
        assertThat(fault.kind()).isEqualTo(AcsFault.Kind.MISCONFIGURED);
    }

    private static HttpResponseException answer(
            int status, @Nullable String code, String message, @Nullable String header, @Nullable String value) {
        HttpHeaders headers = new HttpHeaders();
        if (header != null && value != null) {
            headers.set(HttpHeaderName.fromString(header), value);
        }
        var response = new Answer(status, headers);
        if (code == null) {
            return new HttpResponseException("Status code " + status, response);
        }
        return new IdentityErrorResponseException(
                "Status code " + status, response, new IdentityError(message, code, null, null));
    }

    private static final class Answer extends HttpResponse {

        private final int status;
        private final HttpHeaders headers;

        Answer(int status, HttpHeaders headers) {
            super(new HttpRequest(HttpMethod.POST, "https://contoso.communication.azure.com/identities"));
            this.status = status;
            this.headers = headers;
        }

        @Override
        public int getStatusCode() {
            return status;
        }

        @Override
        @Deprecated
        public @Nullable String getHeaderValue(String name) {
            return headers.getValue(HttpHeaderName.fromString(name));
        }

        @Override
        public @Nullable String getHeaderValue(HttpHeaderName name) {
            return headers.getValue(name);
        }

        @Override
        public HttpHeaders getHeaders() {
            return headers;
        }

        @Override
        public Flux<ByteBuffer> getBody() {
            return Flux.empty();
        }

        @Override
        public Mono<byte[]> getBodyAsByteArray() {
            return Mono.empty();
        }

        @Override
        public Mono<String> getBodyAsString() {
            return Mono.empty();
        }

        @Override
        public Mono<String> getBodyAsString(Charset charset) {
            return Mono.empty();
        }
    }
}
