package io.tokenbroker.emulator.calls;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.IOException;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.LinkedBlockingQueue;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
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
    private static final Logger LOG = LoggerFactory.getLogger(CallLog.class);
    private static final String END = "";
    private static final int LINES_AT_ONCE = 1000;

    private final OutputStream file;
    private final LinkedBlockingQueue<String> waiting = new LinkedBlockingQueue<>();
    private final Thread writer = new Thread(this::writeUntilEnd, "acs-emulator-call-log");

    private CallLog(OutputStream file) {
        this.file = file;
    }

    /**
     * Goes on at the end of the file, or begins it.
     *
     * @throws UncheckedIOException if it cannot be written
     */
    public static CallLog open(Path path) {
        try {
            var log = new CallLog(Files.newOutputStream(path, StandardOpenOption.CREATE, StandardOpenOption.APPEND));
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
        if (writer.isAlive()) {
            waiting.add(line.toString());
        }
    }

    private void writeUntilEnd() {
        try (file) {
            List<String> lines = new ArrayList<>();
            while (!lines.contains(END)) {
                lines.clear();
                lines.add(waiting.take());
                waiting.drainTo(lines, LINES_AT_ONCE);
                write(lines);
            }
        } catch (IOException e) {
            LOG.error("The call log cannot be written, and ends here", e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    /** In one piece, so that a process killed in the middle leaves whole lines. */
    private void write(List<String> lines) throws IOException {
        var text = new StringBuilder();
        lines.stream()
                .filter(line -> !line.equals(END))
                .forEach(line -> text.append(line).append('\n'));
        file.write(text.toString().getBytes(UTF_8));
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
