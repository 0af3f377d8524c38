package io.tokenbroker.emulator.calls;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.BufferedWriter;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Instant;
import java.util.concurrent.LinkedBlockingQueue;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ObjectNode;

/**
 * A file with a line of JSON for each call that has ended, in the order of their ends: {@code operation}, {@code
 * requestId} (the caller's {@code x-ms-client-request-id}), {@code identityId} where the path names one, {@code beganOn}
 * and {@code endedOn}, the {@code status} of the answer, null where none was made, and whether it was {@code answered}:
 * work that was done and whose response was lost has a status and was not.
 *
 * <p>What was written outlives the process, though not a loss of power; a call that was under way when the process was
 * killed is not in it. Callers never wait for the file.
 */
public final class CallLog implements AutoCloseable {
    private static final String END = "";

    private final BufferedWriter file;
    private final LinkedBlockingQueue<String> waiting = new LinkedBlockingQueue<>();
    private final Thread writer = new Thread(this::writeUntilEnd, "acs-emulator-call-log");

    private CallLog(BufferedWriter file) {
        this.file = file;
    }

    /**
     * Goes on at the end of the file, or begins it.
     *
     * @throws UncheckedIOException if it cannot be written
     */
    public static CallLog open(Path path) {
        try {
            var log = new CallLog(
                    Files.newBufferedWriter(path, UTF_8, StandardOpenOption.CREATE, StandardOpenOption.APPEND));
            log.writer.setDaemon(true);
            log.writer.start();
            return log;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Adds a call that has ended. */
    void add(
            Operation operation,
            String requestId,
            String identityId,
            Instant began,
            Instant ended,
            @Nullable Integer status,
            boolean answered) {
        ObjectNode line = JsonMapper.shared().createObjectNode();
        line.put("operation", operation.label());
        line.put("requestId", requestId);
        line.put("identityId", identityId);
        line.put("beganOn", began.toString());
        line.put("endedOn", ended.toString());
        line.put("status", status);
        line.put("answered", answered);
        waiting.add(line.toString());
    }

    private void writeUntilEnd() {
        try (file) {
            for (String line = waiting.take(); !line.equals(END); line = waiting.take()) {
                file.write(line);
                file.newLine();
                if (waiting.isEmpty()) {
                    file.flush();
                }
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    /** Returns when everything is written. */
    @Override
    public void close() {
        waiting.add(END);
        try {
            writer.join();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
