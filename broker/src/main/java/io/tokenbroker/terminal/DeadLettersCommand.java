package io.tokenbroker.terminal;

import java.util.List;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ObjectNode;

/** Dead letters in bulk. The job it starts is a replay like any other: {@code ./tokenbroker replay} sees to it. */
@Command(
        name = "dead-letters",
        mixinStandardHelpOptions = true,
        description = "Sees to records that could not be applied, through a running broker.",
        synopsisSubcommandLabel = "redrive")
public final class DeadLettersCommand {

    /** Never throws, and says what is wrong on standard error. */
    public static int run(String... arguments) {
        return CommandRun.of(new DeadLettersCommand(), arguments);
    }

    @Command(
            name = "redrive",
            mixinStandardHelpOptions = true,
            sortOptions = false,
            description = "Appends dead letters to the input log again: plans it, asks, starts it and watches it."
                    + " ./tokenbroker replay attach, pause, resume and cancel are for its job too.",
            exitCodeListHeading = "%nEnds with:%n",
            exitCodeList = {
                "0:done, or there was nothing to do",
                "1:the broker cannot be reached or refuses, or the job failed",
                "2:an option is wrong",
                "3:the job was cancelled",
                "4:done, and some dead letters were left, or their users were parked again",
                "5:the plan was not confirmed",
                "130:detached by Ctrl-C; the job goes on"
            })
    int redrive(
            @Mixin Target target,
            @Mixin Consent consent,
            @Option(names = "--reason", paramLabel = "TEXT", description = "Only those whose reason contains it")
                    @Nullable String reason,
            @Option(names = "--type", paramLabel = "TYPE", description = "Only those of this event type") @Nullable String type,
            @Option(
                            names = "--from",
                            paramLabel = "TIME|P:O,…",
                            description = "Only those written then or later. Default: all that are kept")
                    @Nullable String from,
            @Option(names = "--to", paramLabel = "TIME|P:O,…", description = "Only those written before. Default: now")
                    @Nullable String to,
            @Option(names = "--prefix", paramLabel = "TEXT", description = "Only users whose ids begin with it")
                    @Nullable String prefix,
            @Option(names = "--user", paramLabel = "ID", description = "Only this user; may be repeated") @Nullable List<String> users) {
        ObjectNode request = JsonMapper.shared().createObjectNode().put("mode", "redrive");
        Bounds.put(request, "from", from == null ? "earliest" : from);
        if (to != null) {
            Bounds.put(request, "to", to);
        }
        Filter filter = new Filter(request);
        filter.put("reason", reason);
        filter.put("type", type);
        filter.put("prefix", prefix);
        filter.put("users", users == null ? List.of() : users);
        return consent.run(target, request);
    }
}
