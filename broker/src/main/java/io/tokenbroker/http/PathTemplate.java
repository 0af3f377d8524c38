package io.tokenbroker.http;

import java.util.Arrays;
import java.util.List;

/**
 * A path with at most one variable segment, matched against the path as it was sent. Spring's own matching decodes
 * segments and strips what follows a {@code ;}, by which a user's id would become another's.
 */
final class PathTemplate {

    private static final int NONE = -1;

    private final String text;
    private final List<String> segments;
    private final int variable;

    PathTemplate(String text) {
        this.text = text;
        this.segments = segments(text);
        int found = NONE;
        for (int i = 0; i < segments.size(); i++) {
            found = segments.get(i).startsWith("{") ? i : found;
        }
        this.variable = found;
    }

    /** A path taken apart, each segment still encoded. */
    static List<String> segments(String rawPath) {
        return Arrays.asList(rawPath.split("/", -1));
    }

    boolean matches(List<String> given) {
        if (given.size() != segments.size()) {
            return false;
        }
        for (int i = 0; i < segments.size(); i++) {
            if (i != variable && !segments.get(i).equals(given.get(i))) {
                return false;
            }
        }
        return true;
    }

    /** What a path that matches has at the variable segment, still encoded; empty for a template without one. */
    String variable(List<String> given) {
        return variable == NONE ? "" : given.get(variable);
    }

    /** Whether the variable segment is a user id. */
    boolean namesUser() {
        return variable != NONE && segments.get(variable).equals("{id}");
    }

    String text() {
        return text;
    }

    @Override
    public String toString() {
        return text;
    }
}
