package io.tokenbroker.emulator;

import io.tokenbroker.emulator.Answer.Refusal;
import io.tokenbroker.emulator.calls.Operation;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.DeserializationFeature;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** A request's JSON, which may be anything until {@link #refusal} has found nothing wrong with it. */
final class RequestBody {
    private static final JsonMapper JSON = JsonMapper.builder()
            .enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS)
            .build();
    private static final int MIN_MINUTES = 60;
    private static final int MAX_MINUTES = 1440;

    /** Null where the content is no JSON; a missing node where there is no content. */
    private final @Nullable JsonNode root;

    private RequestBody(@Nullable JsonNode root) {
        this.root = root;
    }

    static RequestBody read(byte[] content) {
        try {
            return new RequestBody(JSON.readTree(content));
        } catch (JacksonException e) {
            return new RequestBody(null);
        }
    }

    boolean asksForToken() {
        return !at("createTokenWithScopes").isEmpty();
    }

    List<String> scopes(Operation operation) {
        return at(scopesField(operation))
                .valueStream()
                .map(JsonNode::asString)
                .distinct()
                .toList();
    }

    Duration lifetime(ApiVersion version) {
        int minutes = version.knowsLifetimes() ? at("expiresInMinutes").asInt(MAX_MINUTES) : MAX_MINUTES;
        return Duration.ofMinutes(minutes);
    }

    String text(String field) {
        return at(field).asString("");
    }

    /** What is wrong with the body of a call that takes one. */
    Optional<Refusal> refusal(Operation operation, ApiVersion version) {
        return switch (operation) {
            case REVOKE, DELETE -> Optional.empty();
            case CREATE, CREATE_USER_AND_TOKEN ->
                root != null && root.isMissingNode() ? Optional.empty() : tokenRefusal(operation, version);
            case ISSUE -> tokenRefusal(operation, version);
            case EXCHANGE -> shapeRefusal().or(this::exchangeRefusal);
        };
    }

    private Optional<Refusal> tokenRefusal(Operation operation, ApiVersion version) {
        return shapeRefusal().or(() -> scopesRefusal(operation, version)).or(() -> lifetimeRefusal(version));
    }

    private Optional<Refusal> shapeRefusal() {
        return root != null && root.isObject() ? Optional.empty() : bad(null, "The body is not a JSON object.");
    }

    private Optional<Refusal> scopesRefusal(Operation operation, ApiVersion version) {
        String field = scopesField(operation);
        JsonNode scopes = at(field);
        if (isAbsent(scopes)) {
            return operation == Operation.ISSUE ? bad(field, "The field is required.") : Optional.empty();
        }
        if (!scopes.isArray()) {
            return bad(field, "The field is not an array.");
        }
        if (scopes.isEmpty() && operation == Operation.ISSUE) {
            return bad(field, "At least one scope is required.");
        }
        boolean known = scopes.valueStream()
                .allMatch(s -> s.isString() && version.scopes().contains(s.asString()));
        return known
                ? Optional.empty()
                : bad(field, "A scope is not supported; supported: " + String.join(", ", version.scopes()));
    }

    private Optional<Refusal> lifetimeRefusal(ApiVersion version) {
        JsonNode minutes = at("expiresInMinutes");
        if (!version.knowsLifetimes() || isAbsent(minutes)) {
            return Optional.empty();
        }
        boolean allowed = minutes.canConvertToInt() && minutes.asInt() >= MIN_MINUTES && minutes.asInt() <= MAX_MINUTES;
        return allowed ? Optional.empty() : bad("expiresInMinutes", "The value is not a whole number from 60 to 1440.");
    }

    private Optional<Refusal> exchangeRefusal() {
        for (String field : List.of("token", "appId", "userId")) {
            if (text(field).isEmpty()) {
                return bad(field, "The field is required.");
            }
        }
        return Optional.empty();
    }

    private JsonNode at(String field) {
        return root == null ? JSON.missingNode() : root.path(field);
    }

    private static boolean isAbsent(JsonNode node) {
        return node.isMissingNode() || node.isNull();
    }

    private static String scopesField(Operation operation) {
        return operation == Operation.ISSUE ? "scopes" : "createTokenWithScopes";
    }

    private static Optional<Refusal> bad(@Nullable String field, String message) {
        return Optional.of(Refusal.badRequest(field, message));
    }
}
