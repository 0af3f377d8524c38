package io.tokenbroker.terminal;

import picocli.CommandLine.Option;
import tools.jackson.databind.node.ObjectNode;

/** How far a command may go by itself: options of those that change something. */
final class Consent {

    @Option(names = "--dry-run", description = "End with the plan")
    private boolean dryRun;

    @Option(
            names = {"-y", "--yes"},
            description = "Do not ask")
    private boolean yes;

    @Option(names = "--detach", description = "Start the job and leave it")
    private boolean detach;

    int run(Target target, ObjectNode request) {
        return new Session(target.api(), target.screen(), yes, dryRun, detach).run(request);
    }
}
