package io.tokenbroker.http;

import com.fasterxml.jackson.annotation.JsonInclude;
import io.tokenbroker.directory.ReplayOutcome;
import io.tokenbroker.replay.Calls;
import io.tokenbroker.replay.Job;
import io.tokenbroker.replay.Plan;
import io.tokenbroker.replay.Progress;
import io.tokenbroker.replay.ReplayRequest;
import io.tokenbroker.replay.ScanRange;
import io.tokenbroker.replay.Scanned;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import java.util.function.ToLongFunction;
import org.jspecify.annotations.Nullable;

/** A replay as callers see it. */
@JsonInclude(JsonInclude.Include.NON_NULL)
record ReplayJson(
        String id,
        String state,
        String mode,
        boolean dryRun,
        boolean withTokens,
        @Nullable RangeJson range,
        @Nullable Map<String, Object> plan,
        @Nullable ProgressJson progress,
        @Nullable Map<String, Long> report,
        @Nullable String reason,
        String startedBy,
        Instant startedOn,
        List<EventJson> history) {

    record SpanJson(int partition, long from, long to) {}

    record RangeJson(String topicId, List<SpanJson> partitions) {
        private static @Nullable RangeJson of(ScanRange range) {
            return range.spans().isEmpty()
                    ? null
                    : new RangeJson(
                            range.topicId(),
                            range.spans().stream()
                                    .map(span -> new SpanJson(span.partition(), span.from(), span.to()))
                                    .toList());
        }
    }

    /** @param etaSeconds absent where it cannot be told */
    @JsonInclude(JsonInclude.Include.NON_NULL)
    record ProgressJson(
            String state,
            long total,
            long done,
            long remaining,
            long outstanding,
            double perSecond,
            @Nullable Long etaSeconds,
            Map<String, Long> byOutcome) {

        static ProgressJson of(Job job) {
            Progress progress = job.progress();
            Plan plan = job.plan();
            long total = plan == null ? 0 : plan.changes();
            if (progress == null) {
                return new ProgressJson(job.state().wireName(), total, 0, total, 0, 0, null, Map.of());
            }
            long eta = progress.etaSeconds();
            return new ProgressJson(
                    job.state().wireName(),
                    progress.total(),
                    progress.done(),
                    progress.remaining(),
                    progress.outstanding(),
                    Math.round(progress.perSecond() * 10) / 10.0,
                    eta < 0 ? null : eta,
                    outcomes(progress));
        }
    }

    @JsonInclude(JsonInclude.Include.NON_NULL)
    record EventJson(String state, Instant on, @Nullable String by) {}

    static ReplayJson of(Job job) {
        ReplayRequest request = job.request();
        Plan plan = job.plan();
        Progress progress = job.progress();
        return new ReplayJson(
                job.id(),
                job.state().wireName(),
                request.mode().wireName(),
                request.dryRun(),
                request.withTokens(),
                RangeJson.of(request.range()),
                plan == null ? null : plan(plan),
                progress == null ? null : ProgressJson.of(job),
                progress == null || !job.state().isOver() ? null : outcomes(progress),
                job.reason(),
                request.startedBy(),
                request.startedOn(),
                job.events().stream()
                        .map(event -> new EventJson(event.state().wireName(), event.on(), event.by()))
                        .toList());
    }

    private static Map<String, Object> plan(Plan plan) {
        Map<String, Object> json = new LinkedHashMap<>(numbers(ReplayJson::intent, plan::of));
        json.put("calls", calls(plan.calls()));
        json.put("quotaSeconds", plan.time().toSeconds());
        Map<String, Object> samples = new LinkedHashMap<>();
        for (ReplayOutcome outcome : ReplayOutcome.values()) {
            List<Plan.Sample> some = plan.samples().get(outcome);
            if (some != null) {
                samples.put(intent(outcome), some.stream().map(SampleJson::of).toList());
            }
        }
        json.put("samples", samples);
        json.put("scanned", scanned(plan.scanned()));
        return json;
    }

    /** @param id of the dead letter, where it is one */
    @JsonInclude(JsonInclude.Include.NON_NULL)
    record SampleJson(
            @Nullable String id,
            @Nullable String userId,
            @Nullable String reason) {
        private static SampleJson of(Plan.Sample sample) {
            return new SampleJson(
                    sample.letter() == null ? null : DeadLettersResource.text(sample.letter()),
                    sample.userId(),
                    sample.reason());
        }
    }

    private static Map<String, Object> scanned(Scanned scanned) {
        Map<String, Object> json = new LinkedHashMap<>();
        json.put("records", scanned.records());
        json.put("foreign", scanned.foreign());
        json.put("strays", scanned.strays());
        json.put("unreadable", scanned.unreadable());
        json.put(
                "malformed",
                scanned.malformed().stream()
                        .map(bad -> Map.of(
                                "partition",
                                bad.position().partition(),
                                "offset",
                                bad.position().offset(),
                                "reason",
                                bad.reason()))
                        .toList());
        return json;
    }

    private static Map<String, Long> calls(Calls calls) {
        Map<String, Long> json = new LinkedHashMap<>();
        for (Calls.Kind kind : Calls.Kind.values()) {
            if (calls.of(kind) > 0) {
                json.put(kind.wireName(), calls.of(kind));
            }
        }
        json.put("total", calls.total());
        return json;
    }

    private static Map<String, Long> outcomes(Progress progress) {
        Map<String, Long> json = numbers(ReplayOutcome::wireName, progress::of);
        json.put("parked", progress.parked());
        return json;
    }

    private static Map<String, Long> numbers(
            Function<ReplayOutcome, String> name, ToLongFunction<ReplayOutcome> count) {
        Map<String, Long> json = new LinkedHashMap<>();
        for (ReplayOutcome outcome : ReplayOutcome.values()) {
            json.put(name.apply(outcome), count.applyAsLong(outcome));
        }
        return json;
    }

    /** What is to come, as a plan says it. */
    private static String intent(ReplayOutcome outcome) {
        return switch (outcome) {
            case CREATED -> "create";
            case MOVED -> "move";
            case CHANGED -> "change";
            case DELETED -> "delete";
            case REDRIVEN -> "redrive";
            case UNCHANGED, SUPERSEDED, REFUSED -> outcome.wireName();
        };
    }
}
