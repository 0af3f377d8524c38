package io.tokenbroker.pipeline;

import io.tokenbroker.directory.CreateIntents;
import io.tokenbroker.directory.DirectoryView;
import io.tokenbroker.lifecycle.Rules;
import io.tokenbroker.outcomes.OutcomeIds;
import java.time.Clock;
import reactor.core.scheduler.Scheduler;

/** What all partitions share. */
record PipelineContext(
        Rules rules,
        DirectoryView directory,
        CreateIntents intents,
        IdentityCalls calls,
        PipelineSettings settings,
        Admission admission,
        OutcomeIds ids,
        PipelineMetrics metrics,
        Clock clock,
        Scheduler scheduler) {}
