package io.tokenbroker.http;

import io.tokenbroker.intake.FieldError;
import java.time.Duration;
import java.util.List;
import org.springframework.http.HttpHeaders;

/** A refusal on its way to the caller. Its words are the caller's to read, so that nothing secret may be in them. */
final class Problem extends RuntimeException {

    private static final long serialVersionUID = 1L;

    private final ProblemType type;
    private final transient List<FieldError> errors;
    private final transient HttpHeaders headers = new HttpHeaders();

    private Problem(ProblemType type, String detail, List<FieldError> errors) {
        super(detail, null, false, false);
        this.type = type;
        this.errors = List.copyOf(errors);
    }

    static Problem of(ProblemType type, String detail) {
        return new Problem(type, detail, List.of());
    }

    /** The detail is a list of what is wrong, besides a sentence about it. */
    static Problem of(ProblemType type, String detail, List<FieldError> errors) {
        return new Problem(type, detail, errors);
    }

    /** One field is wrong. */
    static Problem of(ProblemType type, FieldError error) {
        return new Problem(type, error.toString(), List.of(error));
    }

    /** The caller should come again after that long. */
    static Problem later(ProblemType type, String detail, Duration retryAfter) {
        long seconds = Math.max(1, (retryAfter.toMillis() + 999) / 1000);
        return of(type, detail).with(HttpHeaders.RETRY_AFTER, Long.toString(seconds));
    }

    Problem with(String header, String value) {
        headers.set(header, value);
        return this;
    }

    ProblemType type() {
        return type;
    }

    String detail() {
        return String.valueOf(getMessage());
    }

    List<FieldError> errors() {
        return errors;
    }

    HttpHeaders headers() {
        return headers;
    }
}
