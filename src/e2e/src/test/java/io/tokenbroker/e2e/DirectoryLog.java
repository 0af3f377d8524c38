package io.tokenbroker.e2e;

import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.StreamSupport;
import tools.jackson.databind.JsonNode;

/**
 * The directory as a consumer of its topic has it: the last entry of each key.
 *
 * @param entries by user id
 */
record DirectoryLog(Map<String, Entry> entries) {

    /** @param identityId empty where the user has none */
    record Entry(String userId, String standing, String identityId, List<String> doomed, boolean parked) {
        static Entry of(JsonNode value) {
            return new Entry(
                    value.path("userId").asString(""),
                    value.path("standing").asString(""),
                    value.path("identityId").asString(""),
                    StreamSupport.stream(value.path("doomed").spliterator(), false)
                            .map(id -> id.asString(""))
                            .toList(),
                    value.has("parked"));
        }

        boolean suspended() {
            return standing.equals("SUSPENDED");
        }

        boolean wanted() {
            return standing.equals("ACTIVE") || standing.equals("SUSPENDED");
        }
    }

    DirectoryLog {
        entries = Map.copyOf(entries);
    }

    static DirectoryLog read(String bootstrapServers) {
        Map<String, Entry> entries = new HashMap<>();
        for (var kept : Topic.read(bootstrapServers, Topic.DIRECTORY)) {
            String key = Topic.utf8(kept.key());
            if (kept.value() == null) {
                entries.remove(key);
            } else {
                entries.put(key, Entry.of(Http.JSON.readTree(kept.value())));
            }
        }
        return new DirectoryLog(entries);
    }
}
