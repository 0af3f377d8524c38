package io.tokenbroker.http;

import io.tokenbroker.directory.UserId;
import io.tokenbroker.intake.FieldError;
import io.tokenbroker.replay.LetterFilter;
import io.tokenbroker.replay.LogRanges.Bound;
import io.tokenbroker.replay.Mode;
import io.tokenbroker.replay.UserFilter;
import java.time.DateTimeException;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/**
 * Reads what a caller asks of a replay; all that is wrong is named at once. A field nobody knows is an error: one letter
 * of {@code dryRun} must not make the difference.
 */
final class ReplayReader {

    private static final String BOUND =
            "earliest, a time as of RFC 3339, or {\"offsets\":{\"<partition>\":<offset>,…},\"topicId\"?}";

    /** So that a job's record, which names them all, stays well below what Kafka takes. */
    private static final int MOST_USERS = 10_000;

    private static final String USERS = "1 to " + MOST_USERS + " user ids";
    private static final Set<String> FIELDS =
            Set.of("mode", "from", "to", "filter", "dryRun", "withTokens", "acceptGap");

    /** What was asked, the range still in the caller's words. */
    record Asked(
            Mode mode,
            Bound from,
            Bound to,
            UserFilter filter,
            @Nullable LetterFilter letters,
            boolean dryRun,
            boolean withTokens,
            boolean acceptGap) {}

    private final ObjectNode body;
    private final List<FieldError> errors = new ArrayList<>();

    private ReplayReader(ObjectNode body) {
        this.body = body;
    }

    /** @throws Problem naming each field that is wrong */
    static Asked read(ObjectNode body) {
        return new ReplayReader(body).read();
    }

    private Asked read() {
        requireKnown(body, FIELDS, "");
        Mode mode = mode();
        if (mode == Mode.PROVISION && !body.has("from")) {
            errors.add(new FieldError("/from", null, BOUND));
        }
        refuseWhatTheModeHasNoUseFor(mode);
        Asked asked = new Asked(
                mode,
                body.has("from") ? bound("from") : mode == Mode.REDRIVE ? new Bound.Earliest() : new Bound.Latest(),
                body.has("to") ? bound("to") : new Bound.Latest(),
                filter(mode),
                mode == Mode.REDRIVE ? letterFilter() : null,
                flag("dryRun"),
                flag("withTokens"),
                flag("acceptGap"));
        if (!errors.isEmpty()) {
            throw Problem.of(ProblemType.INVALID_REQUEST, "errors names what is wrong and what is allowed", errors);
        }
        return asked;
    }

    private void refuseWhatTheModeHasNoUseFor(Mode mode) {
        switch (mode) {
            case PROVISION -> {}
            case REBUILD -> refuse(List.of("from", "to", "acceptGap"), "nothing: the mode goes by the directory");
            case REDRIVE ->
                refuse(List.of("withTokens", "acceptGap"), "nothing: dead letters are appended as they were");
        }
    }

    private void refuse(List<String> fields, String allowed) {
        fields.stream().filter(body::has).forEach(field -> errors.add(new FieldError("/" + field, "given", allowed)));
    }

    private Mode mode() {
        JsonNode node = body.path("mode");
        if (node.isMissingNode()) {
            return Mode.PROVISION;
        }
        Optional<Mode> named = Arrays.stream(Mode.values())
                .filter(mode -> mode.wireName().equals(node.asString("")))
                .findFirst();
        if (named.isEmpty()) {
            wrong(
                    "/mode",
                    node,
                    "one of " + Arrays.stream(Mode.values()).map(Mode::wireName).toList());
        }
        return named.orElse(Mode.PROVISION);
    }

    private Bound bound(String field) {
        JsonNode node = body.path(field);
        if (node.isString()) {
            String text = node.stringValue();
            if (text.equals("earliest")) {
                return new Bound.Earliest();
            }
            Instant time = time(text);
            if (time != null) {
                return new Bound.At(time);
            }
        }
        if (node instanceof ObjectNode object && object.path("offsets") instanceof ObjectNode offsets) {
            requireKnown(object, Set.of("offsets", "topicId"), "/" + field);
            return offsets(field, object, offsets);
        }
        wrong("/" + field, node, BOUND);
        return new Bound.Latest();
    }

    private Bound offsets(String field, ObjectNode object, ObjectNode offsets) {
        Map<Integer, Long> places = new TreeMap<>();
        offsets.properties().forEach(entry -> {
            boolean partition = entry.getKey().matches("\\d{1,6}");
            JsonNode offset = entry.getValue();
            if (!partition || !offset.isIntegralNumber() || !offset.canConvertToLong() || offset.longValue() < 0) {
                wrong(
                        "/" + field + "/offsets/" + entry.getKey(),
                        offset,
                        "a partition's number, and an offset from 0 on");
            } else {
                places.put(Integer.parseInt(entry.getKey()), offset.longValue());
            }
        });
        if (offsets.isEmpty()) {
            errors.add(new FieldError("/" + field + "/offsets", "{}", "at least one partition"));
        }
        JsonNode topicId = object.path("topicId");
        return new Bound.Offsets(topicId.isString() ? topicId.stringValue() : null, places);
    }

    private static @Nullable Instant time(String text) {
        try {
            return OffsetDateTime.parse(text).toInstant();
        } catch (DateTimeException e) {
            return null;
        }
    }

    private UserFilter filter(Mode mode) {
        JsonNode node = body.path("filter");
        if (node.isMissingNode() || node.isNull()) {
            return UserFilter.EVERYBODY;
        }
        Set<String> known =
                mode == Mode.REDRIVE ? Set.of("prefix", "users", "reason", "type") : Set.of("prefix", "users");
        String allowed = "{\"prefix\":\"…\"} or {\"users\":[\"…\",…]}"
                + (mode == Mode.REDRIVE ? ", {\"reason\":\"…\"}, {\"type\":\"…\"}" : "");
        if (!(node instanceof ObjectNode object) || object.isEmpty()) {
            wrong("/filter", node, allowed);
            return UserFilter.EVERYBODY;
        }
        requireKnown(object, known, "/filter");
        return new UserFilter(filterText("prefix"), users(object.path("users")));
    }

    private LetterFilter letterFilter() {
        return new LetterFilter(filterText("reason"), filterText("type"));
    }

    private @Nullable String filterText(String name) {
        JsonNode node = body.path("filter").path(name);
        if (!node.isMissingNode() && (!node.isString() || node.stringValue().isEmpty())) {
            wrong("/filter/" + name, node, "a text of at least one character");
        }
        return node.isString() ? node.stringValue() : null;
    }

    private Set<String> users(JsonNode node) {
        Set<String> users = new LinkedHashSet<>();
        if (node.isMissingNode()) {
            return users;
        }
        if (!node.isArray() || node.isEmpty()) {
            wrong("/filter/users", node, "a list of " + USERS);
            return users;
        }
        if (node.size() > MOST_USERS) {
            errors.add(new FieldError("/filter/users", node.size() + " user ids", USERS));
            return users;
        }
        for (int i = 0; i < node.size(); i++) {
            JsonNode user = node.get(i);
            if (user.isString() && UserId.problemWith(user.stringValue()).isEmpty()) {
                users.add(user.stringValue());
            } else {
                wrong("/filter/users/" + i, user, UserId.ALLOWED);
            }
        }
        return users;
    }

    private boolean flag(String name) {
        JsonNode node = body.path(name);
        if (!node.isMissingNode() && !node.isBoolean()) {
            wrong("/" + name, node, "true or false");
        }
        return node.asBoolean(false);
    }

    private void requireKnown(ObjectNode object, Set<String> known, String at) {
        object.propertyNames().stream()
                .filter(name -> !known.contains(name))
                .sorted()
                .forEach(name -> errors.add(new FieldError(
                        at + "/" + LogSafe.escaped(name),
                        "given",
                        "only " + String.join(", ", known.stream().sorted().toList()))));
    }

    private void wrong(String field, JsonNode found, String allowed) {
        errors.add(new FieldError(LogSafe.escaped(field), LogSafe.escaped(found.toString()), allowed));
    }
}
