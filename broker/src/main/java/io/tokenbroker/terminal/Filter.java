package io.tokenbroker.terminal;

import java.util.List;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.node.ObjectNode;

/** A request's {@code filter}, which is there only where something is filtered by. */
final class Filter {

    private static final String NAME = "filter";

    private final ObjectNode request;

    Filter(ObjectNode request) {
        this.request = request;
    }

    void put(String field, @Nullable String value) {
        if (value != null) {
            filter().put(field, value);
        }
    }

    void put(String field, List<String> values) {
        if (!values.isEmpty()) {
            values.forEach(filter().putArray(field)::add);
        }
    }

    private ObjectNode filter() {
        return request.get(NAME) instanceof ObjectNode filter ? filter : request.putObject(NAME);
    }
}
