package io.tokenbroker.terminal;

import java.time.Duration;
import java.util.concurrent.locks.LockSupport;
import tools.jackson.databind.JsonNode;

/**
 * Watches a job until it is over. The job runs in the broker: ending the watching, by Ctrl-C say, does not touch it, and
 * a broker that is away for a while is waited for.
 */
final class Attachment {

    private static final Duration LOOK_EVERY = Duration.ofMillis(500);
    private static final int MOST_FAILURES = 120;

    private final BrokerApi api;
    private final Screen screen;
    private final String job;

    Attachment(BrokerApi api, Screen screen, String job) {
        this.api = api;
        this.screen = screen;
        this.job = job;
    }

    /** The job as it ended. */
    JsonNode untilOver() {
        Thread goodbye = new Thread(() -> {
            screen.endLine();
            screen.error("detached; the job goes on. To come back: ./tokenbroker replay attach " + job);
        });
        Runtime.getRuntime().addShutdownHook(goodbye);
        JsonNode over = watch();
        Runtime.getRuntime().removeShutdownHook(goodbye);
        screen.endLine();
        return over;
    }

    private JsonNode watch() {
        int failures = 0;
        long told = -1;
        while (true) {
            try {
                JsonNode now = api.get(job);
                failures = 0;
                long tenth = tenth(now);
                screen.progress(ProgressLine.of(now), tenth != told);
                told = tenth;
                if (isOver(now)) {
                    return now;
                }
            } catch (BrokerUnwilling e) {
                if (++failures > MOST_FAILURES) {
                    throw e;
                }
                screen.progress("waiting for the broker", failures == 1);
            }
            LockSupport.parkNanos(LOOK_EVERY.toNanos());
        }
    }

    private static long tenth(JsonNode job) {
        long total = job.at("/progress/total").asLong(0);
        return total == 0 ? -2 : 10 * job.at("/progress/done").asLong(0) / total;
    }

    static boolean isOver(JsonNode job) {
        return switch (job.path("state").asString("")) {
            case "completed", "cancelled", "failed" -> true;
            default -> false;
        };
    }
}
