package io.tokenbroker.terminal;

import java.util.List;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ObjectNode;

/** Plans a replay, asks, starts it and watches it. The subcommands see to jobs that are there. */
@Command(
        name = "replay",
        mixinStandardHelpOptions = true,
        description = "Provisions users from the history of the input log, through a running broker.",
        sortOptions = false,
        exitCodeListHeading = "%nEnds with:%n",
        exitCodeList = {
            "0:done, or there was nothing to do",
            "1:the broker cannot be reached or refuses, or the job failed",
            "2:an option is wrong",
            "3:the job was cancelled",
            "4:done, and some users were refused or parked",
            "5:the plan was not confirmed",
            "130:detached by Ctrl-C; the job goes on"
        })
public final class ReplayCommand implements Callable<Integer> {

    @Mixin
    private Target target = new Target();

    @Option(
            names = "--mode",
            defaultValue = "provision",
            paramLabel = "provision|rebuild",
            description = "rebuild: new identities for everybody on a retiring ACS resource. Default: provision")
    private String mode = "provision";

    @Option(
            names = "--from",
            paramLabel = "earliest|TIME|P:O,…",
            description = "Where the range begins: the oldest record kept, a time, or offsets. Default: earliest")
    private @Nullable String from;

    @Option(names = "--to", paramLabel = "TIME|P:O,…", description = "Where it ends. Default: now")
    private @Nullable String to;

    @Option(names = "--prefix", paramLabel = "TEXT", description = "Only users whose ids begin with it")
    private @Nullable String prefix;

    @Option(names = "--user", paramLabel = "ID", description = "Only this user; may be repeated")
    private List<String> users = List.of();

    @Option(names = "--with-tokens", description = "New identities come with a first token")
    private boolean withTokens;

    @Option(names = "--accept-gap", description = "Go on without records that retention has deleted")
    private boolean acceptGap;

    @Mixin
    private Consent consent = new Consent();

    /** Never throws, and says what is wrong on standard error. */
    public static int run(String... arguments) {
        return CommandRun.of(new ReplayCommand(), arguments);
    }

    /** Without a subcommand. */
    @Override
    public Integer call() {
        return consent.run(target, request());
    }

    private ObjectNode request() {
        ObjectNode request = JsonMapper.shared().createObjectNode();
        request.put("mode", mode);
        if (mode.equals("provision")) {
            Bounds.put(request, "from", from == null ? "earliest" : from);
        } else if (from != null) {
            Bounds.put(request, "from", from);
        }
        if (to != null) {
            Bounds.put(request, "to", to);
        }
        Filter filter = new Filter(request);
        filter.put("prefix", prefix);
        filter.put("users", users);
        if (withTokens) {
            request.put("withTokens", true);
        }
        if (acceptGap) {
            request.put("acceptGap", true);
        }
        return request;
    }

    @Command(name = "list", description = "Lists all replays, the latest first.")
    int list(@Mixin Target where) {
        Screen screen = where.screen();
        JsonNode jobs = where.api().list();
        screen.json(jobs);
        jobs.path("items")
                .forEach(job -> screen.text("%s  %-10s %-10s %s %s%s"
                        .formatted(
                                job.path("id").asString(""),
                                job.path("mode").asString(""),
                                job.path("state").asString(""),
                                job.path("startedOn").asString(""),
                                job.path("startedBy").asString(""),
                                job.path("dryRun").asBoolean(false) ? "  dry run" : "")));
        return ExitCode.DONE.status();
    }

    @Command(name = "show", description = "Shows a job's plan and how far it is.")
    int show(@Mixin Target where, @Parameters(paramLabel = "JOB") String job) {
        JsonNode shown = where.api().get(job);
        where.screen().json(shown);
        where.screen().text(PlanTable.of(shown) + "\n" + ProgressLine.of(shown));
        return ExitCode.DONE.status();
    }

    @Command(name = "attach", description = "Watches a job until it is over.")
    int attach(@Mixin Target where, @Parameters(paramLabel = "JOB") String job) {
        return new Session(where.api(), where.screen(), true, false, false).attach(job);
    }

    @Command(name = "pause", description = "Asks for nobody more until the job is resumed.")
    int pause(@Mixin Target where, @Parameters(paramLabel = "JOB") String job) {
        return control(where, job, "pause");
    }

    @Command(name = "resume", description = "Goes on with a paused job.")
    int resume(@Mixin Target where, @Parameters(paramLabel = "JOB") String job) {
        return control(where, job, "resume");
    }

    @Command(name = "cancel", description = "Ends a job where it is.")
    int cancel(@Mixin Target where, @Parameters(paramLabel = "JOB") String job) {
        return control(where, job, "cancel");
    }

    private static int control(Target where, String job, String verb) {
        JsonNode now = where.api().control(job, verb);
        where.screen().json(now);
        where.screen().text(job + " is " + now.path("state").asString(""));
        return ExitCode.DONE.status();
    }
}
