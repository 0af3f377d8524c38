package io.tokenbroker.e2e;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.stream.Stream;
import tools.jackson.databind.JsonNode;

/**
 * One connection to a stream of server-sent events, read as
 * <a href="https://html.spec.whatwg.org/multipage/server-sent-events.html">HTML, 9.2</a> says.
 */
final class EventStream implements AutoCloseable {
    private static final int OK = 200;

    private final HttpClient http = HttpClient.newBuilder()
            .version(HttpClient.Version.HTTP_1_1)
            .connectTimeout(Http.TIMEOUT)
            .build();
    private final List<Event> events = new CopyOnWriteArrayList<>();
    private final List<String> comments = new CopyOnWriteArrayList<>();
    private volatile String lastId;
    private volatile boolean ended;

    /** @param id the position the stream had told when the event was complete */
    record Event(String name, String data, String id) {
        JsonNode json() {
            return Http.JSON.readTree(data);
        }
    }

    private EventStream(String lastId) {
        this.lastId = lastId;
    }

    /** @param lastId where to go on; empty for from now on */
    static EventStream open(BrokerApi api, String path, String lastId) {
        EventStream stream = new EventStream(lastId);
        HttpRequest.Builder request = api.request(path).header("Accept", "text/event-stream");
        if (!lastId.isEmpty()) {
            request.header("Last-Event-ID", lastId);
        }
        try {
            HttpResponse<Stream<String>> response = stream.http.send(request.build(), BodyHandlers.ofLines());
            if (response.statusCode() != OK) {
                stream.close();
                throw new AssertionError(path + " answered " + response.statusCode());
            }
            Thread.ofVirtual().start(() -> stream.read(response.body()));
            return stream;
        } catch (IOException e) {
            stream.close();
            throw new UncheckedIOException(e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            stream.close();
            throw new IllegalStateException(e);
        }
    }

    private void read(Stream<String> lines) {
        StringBuilder name = new StringBuilder();
        StringBuilder data = new StringBuilder();
        StringBuilder id = new StringBuilder(lastId);
        try {
            lines.forEach(line -> {
                if (line.isEmpty()) {
                    lastId = id.toString();
                    if (!data.isEmpty()) {
                        events.add(new Event(name.toString(), data.toString(), lastId));
                    }
                    name.setLength(0);
                    data.setLength(0);
                } else if (line.startsWith(":")) {
                    comments.add(line.substring(1).strip());
                } else if (line.startsWith("event:")) {
                    name.append(line.substring("event:".length()).strip());
                } else if (line.startsWith("data:")) {
                    data.append(line.substring("data:".length()).strip());
                } else if (line.startsWith("id:")) {
                    id.setLength(0);
                    id.append(line.substring("id:".length()).strip());
                }
            });
        } catch (UncheckedIOException e) {
            // cut: what was not complete does not count
        } finally {
            ended = true;
        }
    }

    /** Complete ones, so far. */
    List<Event> events() {
        return List.copyOf(events);
    }

    List<Event> gaps() {
        return events.stream().filter(event -> event.name().equals("gap")).toList();
    }

    List<String> comments() {
        return List.copyOf(comments);
    }

    /** Where to go on. */
    String lastId() {
        return lastId;
    }

    boolean hasEnded() {
        return ended;
    }

    @Override
    public void close() {
        http.shutdownNow();
    }
}
