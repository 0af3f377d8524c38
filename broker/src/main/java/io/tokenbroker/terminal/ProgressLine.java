package io.tokenbroker.terminal;

import tools.jackson.databind.JsonNode;

/** How far a job is, in one line. */
final class ProgressLine {

    private static final int WIDTH = 30;

    private ProgressLine() {}

    static String of(JsonNode job) {
        JsonNode progress = job.path("progress");
        long total = progress.path("total").asLong(0);
        long done = progress.path("done").asLong(0);
        String state = job.path("state").asString("");
        if (total == 0) {
            return state;
        }
        double share = Math.min(1.0, (double) done / total);
        int filled = (int) (share * WIDTH);
        String eta = progress.has("etaSeconds") && progress.path("etaSeconds").asLong(0) > 0
                ? ", " + PlanTable.human(progress.path("etaSeconds").asLong(0)) + " left"
                : "";
        return "[%s%s] %3d %%  %,d of %,d  %.0f/s%s%s"
                .formatted(
                        "#".repeat(filled),
                        ".".repeat(WIDTH - filled),
                        (int) (share * 100),
                        done,
                        total,
                        progress.path("perSecond").asDouble(0),
                        eta,
                        state.equals("applying") ? "" : "  " + state);
    }
}
