package io.tokenbroker.local;

import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/**
 * What {@code GET /access-token} is asked for.
 *
 * @param lifetime from now on; a negative one asks for a token that has expired
 */
record AccessTokenRequest(String subject, List<String> roles, Duration lifetime, String audience) {
    private static final Set<String> PARAMETERS = new TreeSet<>(Set.of("sub", "roles", "ttl", "aud"));
    private static final Duration USUAL_LIFETIME = Duration.ofHours(1);
    private static final long LONGEST_SECONDS = Duration.ofDays(1).toSeconds();
    private static final String USUAL_AUDIENCE = "tokenbroker";

    AccessTokenRequest {
        roles = List.copyOf(roles);
    }

    /** @throws InvalidRequest naming the parameter that is wrong */
    static AccessTokenRequest parse(@Nullable String rawQuery) {
        Map<String, String> parameters = parameters(rawQuery == null ? "" : rawQuery);
        for (String name : parameters.keySet()) {
            if (!PARAMETERS.contains(name)) {
                throw new InvalidRequest(
                        "there is no parameter '" + name + "'; allowed: " + String.join(", ", PARAMETERS));
            }
        }
        String subject = parameters.getOrDefault("sub", "");
        if (subject.isBlank()) {
            throw new InvalidRequest("sub is missing; allowed: the id of a user");
        }
        List<String> roles = Arrays.stream(parameters.getOrDefault("roles", "").split(","))
                .map(String::strip)
                .filter(role -> !role.isEmpty())
                .toList();
        String audience = parameters.getOrDefault("aud", USUAL_AUDIENCE);
        return new AccessTokenRequest(subject, roles, lifetime(parameters.get("ttl")), audience);
    }

    private static Duration lifetime(@Nullable String value) {
        if (value == null) {
            return USUAL_LIFETIME;
        }
        try {
            long seconds = Long.parseLong(value);
            if (Math.abs(seconds) <= LONGEST_SECONDS && seconds != 0) {
                return Duration.ofSeconds(seconds);
            }
        } catch (NumberFormatException e) {
            throw invalidLifetime(value);
        }
        throw invalidLifetime(value);
    }

    private static InvalidRequest invalidLifetime(String value) {
        return new InvalidRequest("ttl: '" + value + "' is not possible; allowed: seconds up to " + LONGEST_SECONDS
                + ", below zero for a token that has expired");
    }

    private static Map<String, String> parameters(String rawQuery) {
        Map<String, String> parameters = new HashMap<>();
        for (String pair : rawQuery.split("&")) {
            if (pair.isEmpty()) {
                continue;
            }
            int equals = pair.indexOf('=');
            String name = equals < 0 ? pair : pair.substring(0, equals);
            String value = equals < 0 ? "" : pair.substring(equals + 1);
            parameters.put(decoded(name), decoded(value));
        }
        return parameters;
    }

    private static String decoded(String text) {
        try {
            return URLDecoder.decode(text, StandardCharsets.UTF_8);
        } catch (IllegalArgumentException e) {
            throw new InvalidRequest("the query is not percent-encoded as it must be");
        }
    }

    /** The caller's mistake, in words for the caller. */
    static final class InvalidRequest extends RuntimeException {
        InvalidRequest(String message) {
            super(message);
        }
    }
}
