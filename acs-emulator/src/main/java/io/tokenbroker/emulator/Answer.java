package io.tokenbroker.emulator;

import java.util.Map;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.json.JsonMapper;

/** What the API answers: a success, or a refusal in ACS's words. */
sealed interface Answer {
    int status();

    /** JSON, or nothing. */
    @Nullable String body();

    Map<String, String> headers();

    record Success(int status, @Nullable String body) implements Answer {
        @Override
        public Map<String, String> headers() {
            return Map.of();
        }

        /** Without the body, which may hold a token. */
        @Override
        public String toString() {
            return "Success[" + status + "]";
        }
    }

    record Refusal(
            int status,
            String code,
            String message,
            @Nullable String target,
            Map<String, String> headers) implements Answer {
        public Refusal {
            headers = Map.copyOf(headers);
        }

        static Refusal of(int status, String code, String message) {
            return new Refusal(status, code, message, null, Map.of());
        }

        /** All a caller with a bad signature hears; the reason goes in a header, which ACS does not send. */
        static Refusal denied(String reason) {
            return of(401, "Denied", "Denied by the resource provider.").with("X-Emulator-Reason", reason);
        }

        static Refusal notOwned() {
            return of(401, "IdentityNotOwned", "Provided identity doesn't belong to the resource.");
        }

        static Refusal noSuchIdentity() {
            return of(404, "IdentityNotFound", "Provided identity doesn't exist.");
        }

        static Refusal invalidTeamsToken(String reason) {
            return of(401, "InvalidAccessToken", "Provided access token is not valid.")
                    .with("X-Emulator-Reason", reason);
        }

        static Refusal badRequest(@Nullable String target, String message) {
            return new Refusal(400, "BadRequest", message, target, Map.of());
        }

        static Refusal tooManyRequests() {
            return of(429, "TooManyRequests", "Rate limit exceeded. Retry after the time given, if one is given.");
        }

        Refusal with(String header, String value) {
            return new Refusal(status, code, message, target, Map.of(header, value));
        }

        @Override
        public String body() {
            var root = JsonMapper.shared().createObjectNode();
            var error = root.putObject("error");
            error.put("code", code);
            error.put("message", message);
            if (target != null) {
                error.put("target", target);
            }
            return root.toString();
        }
    }
}
