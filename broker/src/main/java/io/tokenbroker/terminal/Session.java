package io.tokenbroker.terminal;

import java.util.Iterator;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/** From the question what a replay would do to the report of what it did. */
final class Session {

    private final BrokerApi api;
    private final Screen screen;
    private final boolean yes;
    private final boolean dryRun;
    private final boolean detach;

    Session(BrokerApi api, Screen screen, boolean yes, boolean dryRun, boolean detach) {
        this.api = api;
        this.screen = screen;
        this.yes = yes;
        this.dryRun = dryRun;
        this.detach = detach;
    }

    int run(ObjectNode request) {
        if (!dryRun && !yes && !screen.canAsk()) {
            screen.error("nobody can be asked here; allowed: --yes or --dry-run");
            return ExitCode.USAGE.status();
        }
        JsonNode planned = watched(api.start(request.deepCopy().put("dryRun", true)));
        if (!planned.path("state").asString("").equals("completed")) {
            return report(planned);
        }
        screen.text(PlanTable.of(planned));
        if (dryRun || isEmpty(planned.path("plan"))) {
            screen.json(planned);
            screen.text(dryRun ? "This was a dry run." : "There is nothing to do.");
            return ExitCode.DONE.status();
        }
        if (!yes && !screen.agrees("Apply it?")) {
            return ExitCode.DECLINED.status();
        }
        JsonNode started = api.start(asPlanned(request.deepCopy(), planned));
        String job = started.path("id").asString("");
        if (detach) {
            screen.json(started);
            screen.text("job " + job + "; to watch it: ./tokenbroker replay attach " + job);
            return ExitCode.DONE.status();
        }
        screen.text("job " + job);
        return attach(job);
    }

    int attach(String job) {
        return report(new Attachment(api, screen, job).untilOver());
    }

    /** A dry run is short, and of no use to anybody else. */
    private JsonNode watched(JsonNode job) {
        return new Attachment(api, screen, job.path("id").asString("")).untilOver();
    }

    /** The very range that was shown, whatever was written meanwhile; of another topic it will be refused. */
    private static ObjectNode asPlanned(ObjectNode request, JsonNode planned) {
        JsonNode range = planned.path("range");
        if (!range.isMissingNode()) {
            ObjectNode from = request.putObject("from");
            ObjectNode to = request.putObject("to");
            from.set("topicId", range.path("topicId"));
            to.set("topicId", range.path("topicId"));
            ObjectNode begin = from.putObject("offsets");
            ObjectNode end = to.putObject("offsets");
            range.path("partitions").forEach(span -> {
                String partition = span.path("partition").asString("");
                begin.set(partition, span.path("from"));
                end.set(partition, span.path("to"));
            });
        }
        return request;
    }

    private static boolean isEmpty(JsonNode plan) {
        return plan.path("create").asLong(0)
                        + plan.path("move").asLong(0)
                        + plan.path("change").asLong(0)
                        + plan.path("delete").asLong(0)
                        + plan.path("redrive").asLong(0)
                == 0;
    }

    private int report(JsonNode job) {
        screen.json(job);
        String state = job.path("state").asString("");
        StringBuilder text = new StringBuilder(state);
        Iterator<String> outcomes = job.path("report").propertyNames().iterator();
        while (outcomes.hasNext()) {
            String outcome = outcomes.next();
            long users = job.path("report").path(outcome).asLong(0);
            if (users > 0) {
                text.append(", %,d %s".formatted(users, outcome));
            }
        }
        screen.text(text.toString());
        if (job.has("reason")) {
            screen.error(job.path("reason").asString(""));
        }
        return switch (state) {
            case "completed" -> incomplete(job) ? ExitCode.INCOMPLETE.status() : ExitCode.DONE.status();
            case "cancelled" -> ExitCode.CANCELLED.status();
            default -> ExitCode.FAILED.status();
        };
    }

    private static boolean incomplete(JsonNode job) {
        return job.at("/report/refused").asLong(0) + job.at("/report/parked").asLong(0) > 0;
    }
}
