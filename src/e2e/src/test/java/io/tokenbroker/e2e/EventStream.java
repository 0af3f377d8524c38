package io.tokenbroker.e2e;

import io.tokenbroker.e2e.EventLines.Event;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.stream.Stream;

/** One connection to a stream of server-sent events. */
final class EventStream implements AutoCloseable {
    private static final int OK = 200;

    private final HttpClient http = HttpClient.newBuilder()
            .version(HttpClient.Version.HTTP_1_1)
            .connectTimeout(Http.TIMEOUT)
            .build();
    private final List<Event> events = new CopyOnWriteArrayList<>();
    private final List<String> comments = new CopyOnWriteArrayList<>();
    private final EventLines lines;
    private volatile boolean ended;

    private EventStream(String lastId) {
        lines = new EventLines(lastId, events::add, comments::add);
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

    private void read(Stream<String> read) {
        try {
            read.forEach(lines::accept);
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
        return lines.lastId();
    }

    boolean hasEnded() {
        return ended;
    }

    @Override
    public void close() {
        http.shutdownNow();
    }
}
