package io.tokenbroker.http;

import java.util.Arrays;
import java.util.List;
import java.util.Optional;

/**
 * A path with at most one variable segment, matched against the path as it was sent. Spring's own matching decodes
 * segments and strips what follows a {@code ;}, by which a user's id would become another's.
 */
record PathTemplate(String text) {

    /** What was found at the variable segment, still encoded; empty for a template without one. */
    record Match(String segment) {}

    Optional<Match> match(String rawPath) {
        List<String> wanted = segments(text);
        List<String> given = segments(rawPath);
        if (wanted.size() != given.size()) {
            return Optional.empty();
        }
        String variable = "";
        for (int i = 0; i < wanted.size(); i++) {
            if (wanted.get(i).startsWith("{")) {
                variable = given.get(i);
            } else if (!wanted.get(i).equals(given.get(i))) {
                return Optional.empty();
            }
        }
        return Optional.of(new Match(variable));
    }

    /** Whether the variable segment is a user id. */
    boolean namesUser() {
        return text.contains("/{id}");
    }

    private static List<String> segments(String path) {
        return Arrays.asList(path.split("/", -1));
    }

    @Override
    public String toString() {
        return text;
    }
}
