package io.tokenbroker.kafka;

import io.tokenbroker.intake.FieldError;
import io.tokenbroker.replay.LogRanges;
import io.tokenbroker.replay.ScanRange;
import io.tokenbroker.replay.ScanRange.Span;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.OffsetSpec;
import org.apache.kafka.common.TopicPartition;
import reactor.core.publisher.Mono;

/** Asks Kafka where a log begins and ends, and where it was at some time. */
final class KafkaLogRanges implements LogRanges {

    private final TopicFacts topics;
    private final Admin admin;

    /** What is kept of each partition. */
    private record Extent(TopicFacts.Topic topic, Map<Integer, Long> first, Map<Integer, Long> end) {}

    KafkaLogRanges(TopicFacts topics, Admin admin) {
        this.topics = topics;
        this.admin = admin;
    }

    @Override
    public Mono<Resolution> resolve(Log log, Bound from, Bound to, boolean acceptGap) {
        TopicFacts.Topic topic = switch (log) {
            case EVENTS -> topics.lifecycle();
            case DEAD_LETTERS -> topics.deadLetters();
        };
        boolean anyGap = acceptGap || log == Log.DEAD_LETTERS;
        return Mono.defer(() -> Mono.zip(
                        offsets(topic, OffsetSpec.earliest()),
                        offsets(topic, OffsetSpec.latest()),
                        (first, end) -> new Extent(topic, first, end)))
                .flatMap(extent -> Mono.zip(
                        places(from, extent, "from"),
                        places(to, extent, "to"),
                        (begin, end) -> resolution(from, begin, end, extent, anyGap)));
    }

    /** A bound in every partition it names, and what is wrong with it. */
    private record Places(Map<Integer, Long> offsets, List<FieldError> errors) {}

    private Mono<Places> places(Bound bound, Extent extent, String field) {
        return switch (bound) {
            case Bound.Earliest earliest -> Mono.just(new Places(extent.first(), List.of()));
            case Bound.Latest latest -> Mono.just(new Places(extent.end(), List.of()));
            case Bound.At at ->
                offsets(extent.topic(), OffsetSpec.forTimestamp(at.time().toEpochMilli()))
                        .map(found -> {
                            // none that late
                            found.replaceAll((partition, offset) ->
                                    offset < 0 ? extent.end().getOrDefault(partition, 0L) : offset);
                            return new Places(found, List.of());
                        });
            case Bound.Offsets given -> Mono.just(new Places(given.byPartition(), problems(given, extent, field)));
        };
    }

    private static List<FieldError> problems(Bound.Offsets given, Extent extent, String field) {
        TopicFacts.Topic topic = extent.topic();
        List<FieldError> errors = new ArrayList<>();
        if (given.topicId() != null && !given.topicId().equals(topic.id())) {
            errors.add(new FieldError(
                    "/" + field + "/topicId", given.topicId(), topic.id() + ", or none; the topic was made anew"));
        }
        given.byPartition().forEach((partition, offset) -> {
            String at = "/" + field + "/offsets/" + partition;
            Long end = extent.end().get(partition);
            if (end == null) {
                errors.add(
                        new FieldError(at, partition.toString(), "a partition from 0 to " + (topic.partitions() - 1)));
            } else if (offset < 0 || offset > end) {
                errors.add(new FieldError(at, offset.toString(), extent.first().get(partition) + " to " + end));
            }
        });
        return errors;
    }

    private static Resolution resolution(Bound from, Places begin, Places end, Extent extent, boolean acceptGap) {
        List<FieldError> errors = new ArrayList<>(begin.errors());
        errors.addAll(end.errors());
        List<String> missing = new ArrayList<>();
        List<Span> spans = new ArrayList<>();
        begin.offsets().forEach((partition, first) -> {
            Long last = end.offsets().get(partition);
            long kept = extent.first().getOrDefault(partition, 0L);
            if (last == null || !errors.isEmpty()) {
                return;
            }
            if (last < first) {
                errors.add(new FieldError(
                        "/to",
                        last.toString(),
                        "at least " + first + ", where the range begins in partition " + partition));
                return;
            }
            if (kept > 0 && (first < kept || (from instanceof Bound.At && first == kept))) {
                missing.add(
                        "partition " + partition + " begins at " + kept + (first < kept ? ", not at " + first : ""));
            }
            spans.add(new Span(partition, Math.max(first, kept), Math.max(last, Math.max(first, kept))));
        });
        if (!errors.isEmpty()) {
            return new Resolution.Invalid(errors);
        }
        return missing.isEmpty() || acceptGap
                ? new Resolution.Resolved(new ScanRange(extent.topic().id(), spans))
                : new Resolution.Gap(missing);
    }

    private Mono<Map<Integer, Long>> offsets(TopicFacts.Topic topic, OffsetSpec spec) {
        Map<TopicPartition, OffsetSpec> asked = IntStream.range(0, topic.partitions())
                .mapToObj(partition -> new TopicPartition(topic.name(), partition))
                .collect(Collectors.toMap(Function.identity(), partition -> spec));
        return Mono.fromCompletionStage(() -> admin.listOffsets(asked).all().toCompletionStage())
                .map(found -> {
                    Map<Integer, Long> offsets = new HashMap<>();
                    found.forEach((partition, info) -> offsets.put(partition.partition(), info.offset()));
                    return offsets;
                });
    }
}
