package io.tokenbroker.terminal;

import java.time.Duration;
import java.util.Locale;
import java.util.Map;
import tools.jackson.databind.JsonNode;

/** A plan as somebody reads it before they say yes. */
final class PlanTable {

    private static final String[] ORDER = {
        "create", "move", "change", "delete", "redrive", "unchanged", "superseded", "refused"
    };

    private static final Map<String, String> ROWS = Map.of(
            "create", "get an identity",
            "move", "get a new identity on the current resource",
            "change", "are suspended, resumed, or get other token defaults",
            "delete", "lose their identity",
            "unchanged", "are as the log wants them",
            "superseded", "have had a later event, which stands",
            "refused", "cannot be as the log wants them");

    /** Of dead letters. */
    private static final Map<String, String> LETTER_ROWS = Map.of(
            "redrive", "are appended to the log again",
            "unchanged", "have nothing to do any more",
            "superseded", "are of users who have had a later event, which stands",
            "refused", "would only become dead letters again");

    private PlanTable() {}

    static String of(JsonNode job) {
        JsonNode plan = job.path("plan");
        boolean letters = job.path("mode").asString("").equals("redrive");
        Map<String, String> rows = letters ? LETTER_ROWS : ROWS;
        StringBuilder text = new StringBuilder();
        JsonNode scanned = plan.path("scanned");
        if (job.has("range")) {
            text.append("read %,d %s of %d partitions"
                    .formatted(
                            scanned.path("records").asLong(0),
                            letters ? "dead letters" : "records",
                            job.at("/range/partitions").size()));
            note(text, scanned, "foreign", "of other types");
            note(text, scanned, "strays", "in another partition than their user's");
            note(text, scanned, "unreadable", "unreadable");
            text.append("\n\n");
        }
        for (String row : ORDER) {
            long count = plan.path(row).asLong(0);
            String meaning = rows.get(row);
            if (meaning != null && (count > 0 || row.equals(letters ? "redrive" : "create"))) {
                text.append("  %-11s %,12d   %s%s%n".formatted(row, count, meaning, samples(plan, row)));
            }
        }
        text.append("\n  calls to ACS %,11d   %s%n"
                .formatted(
                        plan.at("/calls/total").asLong(0),
                        duration(plan.path("quotaSeconds").asLong(0))));
        scanned.path("malformed")
                .forEach(bad -> text.append("  unreadable: partition %d offset %d: %s%n"
                        .formatted(
                                bad.path("partition").asInt(0),
                                bad.path("offset").asLong(0),
                                bad.path("reason").asString(""))));
        return text.toString();
    }

    private static void note(StringBuilder text, JsonNode scanned, String field, String what) {
        long count = scanned.path(field).asLong(0);
        if (count > 0) {
            text.append(", %,d %s".formatted(count, what));
        }
    }

    private static String samples(JsonNode plan, String row) {
        JsonNode some = plan.path("samples").path(row);
        if (some.isEmpty() || row.equals("unchanged")) {
            return "";
        }
        JsonNode first = some.get(0);
        String reason = first.has("reason") ? " (" + shown(first.path("reason").asString("")) + ")" : "";
        return ", such as "
                + shown(first.path("userId").asString(first.path("id").asString(""))) + reason;
    }

    /** Nothing in it can look like another line. */
    private static String shown(String unknown) {
        StringBuilder text = new StringBuilder();
        unknown.codePoints().forEach(c -> text.append(Character.isISOControl(c) ? "?" : Character.toString(c)));
        return text.toString();
    }

    private static String duration(long seconds) {
        return seconds == 0 ? "the quota is no limit" : "at least " + human(seconds) + ", as the quota allows";
    }

    /** The two largest units. */
    static String human(long seconds) {
        Duration time = Duration.ofSeconds(seconds);
        if (time.toHours() > 0) {
            return String.format(Locale.ROOT, "%d h %d min", time.toHours(), time.toMinutesPart());
        }
        return time.toMinutes() > 0
                ? String.format(Locale.ROOT, "%d min %d s", time.toMinutes(), time.toSecondsPart())
                : seconds + " s";
    }
}
