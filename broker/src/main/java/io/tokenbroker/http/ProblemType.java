package io.tokenbroker.http;

import java.util.Locale;
import org.springframework.http.HttpStatus;

/** Every {@code type} a problem of this API may have (RFC 9457). */
enum ProblemType {
    INVALID_REQUEST(HttpStatus.BAD_REQUEST, "The request is not valid"),
    MALFORMED_JSON(HttpStatus.BAD_REQUEST, "The body is not JSON"),
    INVALID_EVENT(HttpStatus.BAD_REQUEST, "The event is not valid"),
    INVALID_USER_ID(HttpStatus.BAD_REQUEST, "The path names no valid user id"),
    TOKEN_IN_QUERY(HttpStatus.BAD_REQUEST, "Access tokens are not taken from the query string"),
    UNAUTHENTICATED(HttpStatus.UNAUTHORIZED, "A valid access token is needed"),
    FORBIDDEN(HttpStatus.FORBIDDEN, "The access token does not allow this"),
    USER_SUSPENDED(HttpStatus.FORBIDDEN, "The user is suspended"),
    NOT_FOUND(HttpStatus.NOT_FOUND, "There is nothing at this path"),
    UNKNOWN_USER(HttpStatus.NOT_FOUND, "There is no such user"),
    UNKNOWN_DEAD_LETTER(HttpStatus.NOT_FOUND, "There is no such dead letter"),
    UNKNOWN_REPLAY(HttpStatus.NOT_FOUND, "There is no such replay"),
    METHOD_NOT_ALLOWED(HttpStatus.METHOD_NOT_ALLOWED, "The path has no such method"),
    NOT_ACCEPTABLE(HttpStatus.NOT_ACCEPTABLE, "No representation is acceptable to the caller"),
    STALE_EVENT(HttpStatus.CONFLICT, "A later event of the same source was applied before"),
    REPLAY_CONFLICT(HttpStatus.CONFLICT, "The replay, or another one, is in the way"),
    RETENTION_GAP(HttpStatus.CONFLICT, "Records that are asked for were deleted by retention"),
    BODY_TOO_LARGE(HttpStatus.CONTENT_TOO_LARGE, "The body is too large"),
    UNSUPPORTED_MEDIA_TYPE(HttpStatus.UNSUPPORTED_MEDIA_TYPE, "The content type is not supported"),
    EVENT_REFUSED(HttpStatus.UNPROCESSABLE_CONTENT, "The event was taken in and could not be applied"),
    TOO_MANY_TOKENS(HttpStatus.TOO_MANY_REQUESTS, "Too many tokens were asked for"),
    TOO_MANY_STREAMS(HttpStatus.TOO_MANY_REQUESTS, "The caller has too many streams open"),
    INTERNAL(HttpStatus.INTERNAL_SERVER_ERROR, "Something went wrong"),
    NOT_READY(HttpStatus.SERVICE_UNAVAILABLE, "Not now"),
    STREAMS_EXHAUSTED(HttpStatus.SERVICE_UNAVAILABLE, "This instance has no stream left"),
    ISSUER_UNAVAILABLE(HttpStatus.SERVICE_UNAVAILABLE, "The issuer of the access token cannot be reached");

    private static final String PREFIX = "urn:tokenbroker:problem:";

    private final HttpStatus status;
    private final String title;

    ProblemType(HttpStatus status, String title) {
        this.status = status;
        this.title = title;
    }

    String uri() {
        return PREFIX + name().toLowerCase(Locale.ROOT).replace('_', '-');
    }

    HttpStatus status() {
        return status;
    }

    String title() {
        return title;
    }
}
