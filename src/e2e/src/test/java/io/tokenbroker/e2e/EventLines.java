package io.tokenbroker.e2e;

import java.util.function.Consumer;
import tools.jackson.databind.JsonNode;

/**
 * The lines of a stream of server-sent events, read as
 * <a href="https://html.spec.whatwg.org/multipage/server-sent-events.html">HTML, 9.2</a> says. What is not complete does
 * not count. Lines are given by one thread at a time; any may ask.
 */
final class EventLines {
    private final Consumer<Event> events;
    private final Consumer<String> comments;
    private final StringBuilder name = new StringBuilder();
    private final StringBuilder data = new StringBuilder();
    private String id;
    private volatile String lastId;

    /** @param id the position the stream had told when the event was complete */
    record Event(String name, String data, String id) {
        JsonNode json() {
            return Http.JSON.readTree(data);
        }
    }

    /** @param lastId where the stream goes on; empty for from now on */
    EventLines(String lastId, Consumer<Event> events, Consumer<String> comments) {
        this.lastId = lastId;
        this.id = lastId;
        this.events = events;
        this.comments = comments;
    }

    void accept(String line) {
        if (line.isEmpty()) {
            lastId = id;
            if (!data.isEmpty()) {
                events.accept(new Event(name.toString(), data.toString(), lastId));
            }
            name.setLength(0);
            data.setLength(0);
        } else if (line.startsWith(":")) {
            comments.accept(line.substring(1).strip());
        } else if (line.startsWith("event:")) {
            name.append(line.substring("event:".length()).strip());
        } else if (line.startsWith("data:")) {
            data.append(line.substring("data:".length()).strip());
        } else if (line.startsWith("id:")) {
            id = line.substring("id:".length()).strip();
        }
    }

    /** Where to go on. */
    String lastId() {
        return lastId;
    }
}
