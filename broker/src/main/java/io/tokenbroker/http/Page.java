package io.tokenbroker.http;

import com.fasterxml.jackson.annotation.JsonInclude;
import io.tokenbroker.intake.FieldError;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import org.springframework.web.reactive.function.server.ServerRequest;

/** One page of a list; the cursor is opaque to callers, and absent at the end. */
@JsonInclude(JsonInclude.Include.NON_NULL)
record Page<T>(List<T> items, @Nullable String nextCursor) {

    private static final int DEFAULT_LIMIT = 100;
    private static final int MAX_LIMIT = 1_000;

    Page {
        items = List.copyOf(items);
    }

    /** @throws Problem unless {@code limit} is absent or in its bounds */
    static int limit(ServerRequest request) {
        Optional<String> given = request.queryParam("limit");
        if (given.isEmpty()) {
            return DEFAULT_LIMIT;
        }
        try {
            int limit = Integer.parseInt(given.get());
            if (limit >= 1 && limit <= MAX_LIMIT) {
                return limit;
            }
        } catch (NumberFormatException notNumber) {
            // said below
        }
        throw refusal("limit", given.get(), "1 to " + MAX_LIMIT);
    }

    /** @throws Problem for a cursor that {@code reader} cannot read, by an exception or an empty answer */
    static <C> Optional<C> cursor(ServerRequest request, Function<String, Optional<C>> reader) {
        return request.queryParam("cursor").map(given -> decoded(given, reader));
    }

    static String encoded(String cursor) {
        return Base64.getUrlEncoder().withoutPadding().encodeToString(cursor.getBytes(StandardCharsets.UTF_8));
    }

    static Problem refusal(String field, String value, String allowed) {
        return Problem.of(ProblemType.INVALID_REQUEST, new FieldError(field, LogSafe.escaped(value), allowed));
    }

    private static <C> C decoded(String given, Function<String, Optional<C>> reader) {
        try {
            String text = new String(Base64.getUrlDecoder().decode(given), StandardCharsets.UTF_8);
            return reader.apply(text).orElseThrow(IllegalArgumentException::new);
        } catch (IllegalArgumentException notCursor) {
            throw refusal("cursor", given, "the nextCursor of the page before");
        }
    }
}
