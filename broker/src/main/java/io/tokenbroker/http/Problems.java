package io.tokenbroker.http;

import io.tokenbroker.directory.ConfirmedDirectory;
import java.time.Duration;
import java.util.stream.Collectors;
import org.springframework.core.io.buffer.DataBufferLimitException;
import org.springframework.http.HttpHeaders;
import org.springframework.http.HttpMethod;
import org.springframework.http.HttpStatus;
import org.springframework.http.MediaType;
import org.springframework.security.authentication.AuthenticationServiceException;
import org.springframework.security.web.server.firewall.ServerExchangeRejectedException;
import org.springframework.web.server.MethodNotAllowedException;
import org.springframework.web.server.NotAcceptableStatusException;
import org.springframework.web.server.ResponseStatusException;
import org.springframework.web.server.UnsupportedMediaTypeStatusException;

/** What went wrong, whoever threw it, as the caller is told. */
final class Problems {

    private static final Duration SOON = Duration.ofSeconds(1);

    private Problems() {}

    static Problem of(Throwable fault) {
        return switch (fault) {
            case Problem problem -> problem;
            case ConfirmedDirectory.Unconfirmed unconfirmed -> notReady();
            case AuthenticationServiceException noIssuer ->
                Problem.later(ProblemType.ISSUER_UNAVAILABLE, "the keys of the token's issuer could not be read", SOON);
            case ServerExchangeRejectedException rejected -> rejected();
            case DataBufferLimitException tooLarge -> Bodies.tooLarge();
            case MethodNotAllowedException method -> methodNotAllowed(method);
            case UnsupportedMediaTypeStatusException media -> unsupported(media);
            case NotAcceptableStatusException accept ->
                Problem.of(ProblemType.NOT_ACCEPTABLE, "no media type of the Accept header can be sent");
            case ResponseStatusException status
            when status.getStatusCode().isSameCodeAs(HttpStatus.NOT_FOUND) ->
                Problem.of(ProblemType.NOT_FOUND, "see /openapi for the paths there are");
            case ResponseStatusException status
            when status.getStatusCode().is4xxClientError() ->
                Problem.of(ProblemType.INVALID_REQUEST, "the request could not be read");
            default -> Problem.of(ProblemType.INTERNAL, "the request failed; the broker's log says why");
        };
    }

    /** The directory's view is restoring, or Kafka cannot be asked. */
    static Problem notReady() {
        return Problem.later(ProblemType.NOT_READY, "the directory cannot be read up to date at the moment", SOON);
    }

    static Problem rejected() {
        return Problem.of(
                ProblemType.INVALID_REQUEST,
                "the path, a header or the method holds what is not accepted; an id that is . or .. is written as ~ and "
                        + "its base64url, and header values are ASCII");
    }

    private static Problem methodNotAllowed(MethodNotAllowedException fault) {
        String allowed = fault.getSupportedMethods().stream()
                .map(HttpMethod::name)
                .sorted()
                .collect(Collectors.joining(", "));
        return Problem.of(ProblemType.METHOD_NOT_ALLOWED, "allowed: " + allowed).with(HttpHeaders.ALLOW, allowed);
    }

    private static Problem unsupported(UnsupportedMediaTypeStatusException fault) {
        return Problem.of(
                ProblemType.UNSUPPORTED_MEDIA_TYPE, "allowed: " + MediaType.toString(fault.getSupportedMediaTypes()));
    }
}
