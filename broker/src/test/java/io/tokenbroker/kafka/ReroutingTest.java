package io.tokenbroker.kafka;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import io.tokenbroker.directory.UserId;
import io.tokenbroker.events.UserCreated;
import io.tokenbroker.events.UserDeleted;
import io.tokenbroker.events.UserSuspended;
import io.tokenbroker.intake.Alias;
import io.tokenbroker.intake.Intake;
import io.tokenbroker.intake.Reading;
import io.tokenbroker.intake.UserEvent;
import io.tokenbroker.pipeline.Arrival;
import io.tokenbroker.pipeline.RawRecord;
import io.tokenbroker.pipeline.Seeds;
import io.tokenbroker.pipeline.Transaction;
import io.tokenbroker.traces.Traces;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.header.Header;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ObjectNode;

/** Whoever wrote a record under whatever key into whatever partition, its event is applied once, where its user lives. */
class ReroutingTest {

    private static final String SEEN_BY = "trace";
    private static final String ALIASED = "com.example.hired";

    @Test
    void eachEventIsAppliedOnceInItsUsersPartitionInTheOrderOfThePartitionItCameFromAndUnchanged() {
        Seeds.each(100, seed -> {
            Log log = new Log(new Arbitrary(seed));
            log.write(60);

            log.readToTheEnd();

            log.check();
        });
    }

    /** Whoever wrote it compressed it; the copy is not, and no topic would take it. */
    @Test
    void aRecordThatIsTooLargeToBeCopiedBecomesADeadLetterAndHoldsNobodyUp() {
        var input = new TopicFacts.Topic("input", "id", 2);
        var other = new TopicFacts.Topic("other", "id-2", 2);
        TopicFacts topics = new TopicFacts(input, other, other, other, other, other);
        ArrivalReader reader = new ArrivalReader(new RecordReader(new Intake(List.of())), topics, Traces.OFF);
        UserId alice = new UserId("alice");
        int home = topics.partitioning().of(alice);
        String padding = "x".repeat(RawRecords.MOST_BYTES);

        assertThat(reader.read(created(alice, padding, 1 - home)))
                .isInstanceOfSatisfying(
                        Arrival.Unreadable.class,
                        letter -> assertThat(letter.reason()).contains("too large"));
        assertThat(reader.read(created(alice, padding, home))).isInstanceOf(Arrival.Event.class);
        assertThat(reader.read(created(alice, "", 1 - home))).isInstanceOf(Arrival.Misrouted.class);
    }

    private static ConsumerRecord<byte[], byte[]> created(UserId user, String padding, int partition) {
        byte[] data = ("{\"note\":\"" + padding + "\"}").getBytes(UTF_8);
        var record = new ProducerRecord<byte[], byte[]>("input", user.utf8(), data);
        Map.of(
                        "ce_specversion", "1.0",
                        "ce_id", "e1",
                        "ce_source", "/hr",
                        "ce_type", UserCreated.TYPE,
                        "ce_subject", user.value(),
                        "content-type", "application/json")
                .forEach((name, value) -> record.headers().add(name, value.getBytes(UTF_8)));
        return Records.received(record, partition, 7);
    }

    /** An input log in memory, and what becomes of each of its records. */
    private static final class Log {

        private static final JsonMapper JSON = new JsonMapper();

        private final Arbitrary any;
        private final TopicFacts topics;
        private final RecordReader records =
                new RecordReader(new Intake(List.of(new Alias(ALIASED, UserCreated.TYPE, "/data/person/id"))));
        private final List<List<ConsumerRecord<byte[], byte[]>>> partitions = new ArrayList<>();
        private final List<UserId> users = new ArrayList<>();
        private final List<ConsumerRecord<byte[], byte[]>> written = new ArrayList<>();
        private final Map<String, Arrival.Event> applied = new HashMap<>();
        private final List<Arrival.Event> inOrder = new ArrayList<>();
        private int copies;

        Log(Arbitrary any) {
            this.any = any;
            int count = 1 + any.below(5);
            var input = new TopicFacts.Topic("input", "id", count);
            var other = new TopicFacts.Topic("other", "id-2", count);
            topics = new TopicFacts(input, other, other, other, other, other);
            for (int partition = 0; partition < count; partition++) {
                partitions.add(new ArrayList<>());
            }
            for (int user = 0; user < 5; user++) {
                users.add(any.userId());
            }
        }

        void write(int count) {
            for (int i = 0; i < count; i++) {
                UserId user = any.oneOf(users);
                byte[] key = any.below(3) == 0 ? user.utf8() : any.oneOf(users).utf8();
                boolean keyTells = Arrays.equals(key, user.utf8());
                ProducerRecord<byte[], byte[]> record = switch (any.below(4)) {
                    case 0 -> structured("event-" + i, user, any.below(3) == 0 ? null : key);
                    case 1 -> aliased("event-" + i, user, any.below(3) == 0 ? null : key);
                    default -> binary("event-" + i, user, keyTells, key);
                };
                record.headers().add(SEEN_BY, any.bytes(9)).add(SEEN_BY, any.bytes(9));
                written.add(append(any.below(partitions.size()), record));
            }
        }

        /** The user in the subject, in the data, or in the key alone where that is theirs. */
        private ProducerRecord<byte[], byte[]> binary(String id, UserId user, boolean keyTells, byte[] key) {
            int place = any.below(keyTells ? 3 : 2);
            byte[] data = place == 1 ? bytes(JSON.createObjectNode().put("userId", user.value())) : new byte[0];
            ProducerRecord<byte[], byte[]> record = record(key, data);
            record.headers()
                    .add("ce_specversion", utf8("1.0"))
                    .add("ce_id", utf8(id))
                    .add("ce_source", utf8("/hr"))
                    .add("ce_type", utf8(any.oneOf(List.of(UserSuspended.TYPE, UserDeleted.TYPE))))
                    .add("ce_traceparent", utf8("00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01"))
                    .add("ce_myextension", utf8("kept"));
            if (place == 0) {
                record.headers().add("ce_subject", user.utf8());
            }
            if (any.below(2) == 0) {
                record.headers().add("ce_time", utf8("2026-05-28T09:00:00Z"));
            }
            return record;
        }

        private ProducerRecord<byte[], byte[]> structured(String id, UserId user, byte @Nullable [] key) {
            ObjectNode event =
                    event(id, UserCreated.TYPE).put("subject", user.value()).put("sequence", "7");
            event.putObject("data").putArray("scopes").add("voip");
            return inJson(event, key);
        }

        private ProducerRecord<byte[], byte[]> aliased(String id, UserId user, byte @Nullable [] key) {
            ObjectNode event = event(id, ALIASED);
            event.putObject("data").putObject("person").put("id", user.value());
            return inJson(event, key);
        }

        private static ObjectNode event(String id, String type) {
            return JSON.createObjectNode()
                    .put("specversion", "1.0")
                    .put("id", id)
                    .put("source", "/hr")
                    .put("type", type);
        }

        private ProducerRecord<byte[], byte[]> inJson(ObjectNode event, byte @Nullable [] key) {
            ProducerRecord<byte[], byte[]> record = record(key, bytes(event));
            record.headers().add("content-type", utf8("application/cloudevents+json"));
            return record;
        }

        @SuppressWarnings("NullAway") // Kafka's records may lack a key
        private ProducerRecord<byte[], byte[]> record(byte @Nullable [] key, byte[] value) {
            return new ProducerRecord<>("input", null, Records.WRITTEN_AT - any.below(1_000_000), key, value);
        }

        private static byte[] bytes(ObjectNode json) {
            return JSON.writeValueAsBytes(json);
        }

        private static byte[] utf8(String text) {
            return text.getBytes(UTF_8);
        }

        private ConsumerRecord<byte[], byte[]> append(int partition, ProducerRecord<byte[], byte[]> record) {
            List<ConsumerRecord<byte[], byte[]>> log = partitions.get(partition);
            ConsumerRecord<byte[], byte[]> appended = Records.received(record, partition, log.size());
            log.add(appended);
            return appended;
        }

        /** Each partition a few records at a time, in any order of partitions; what is passed goes in one transaction. */
        void readToTheEnd() {
            int[] next = new int[partitions.size()];
            while (true) {
                List<Integer> behind = new ArrayList<>();
                for (int partition = 0; partition < next.length; partition++) {
                    if (next[partition] < partitions.get(partition).size()) {
                        behind.add(partition);
                    }
                }
                if (behind.isEmpty()) {
                    return;
                }
                int partition = any.oneOf(behind);
                int left = partitions.get(partition).size() - next[partition];
                int to = next[partition] + 1 + any.below(Math.min(5, left));
                read(partition, List.copyOf(partitions.get(partition).subList(next[partition], to)));
                next[partition] = to;
            }
        }

        private void read(int partition, List<ConsumerRecord<byte[], byte[]>> some) {
            List<Arrival.Misrouted> reroutes = new ArrayList<>();
            for (ConsumerRecord<byte[], byte[]> record : some) {
                switch (new ArrivalReader(records, topics, Traces.OFF).read(record)) {
                    case Arrival.Event event -> {
                        assertThat(applied.put(event.event().ref().id(), event))
                                .as("%s, applied before", event)
                                .isNull();
                        inOrder.add(event);
                    }
                    case Arrival.Misrouted misrouted -> reroutes.add(misrouted);
                    case Arrival.Foreign foreign -> throw new AssertionError(foreign);
                    case Arrival.Unreadable unreadable -> throw new AssertionError(unreadable);
                }
            }
            var transaction = new Transaction(List.of(), List.of(), List.of(), List.of(), List.of(), reroutes, 0);
            for (ProducerRecord<byte[], byte[]> copy : new TransactionRecords(topics).of(partition, transaction)) {
                append(copy.partition(), copy);
                assertThat(++copies).as("copies, one at most of each").isLessThanOrEqualTo(written.size());
            }
        }

        void check() {
            assertThat(applied).hasSameSizeAs(written);
            for (ConsumerRecord<byte[], byte[]> original : written) {
                UserEvent event = read(original);
                Arrival.Event home = applied.get(event.ref().id());
                if (home == null) {
                    throw new AssertionError("never applied: " + event);
                }
                assertThat(home.event()).isEqualTo(event);
                RawRecord record = home.record();
                assertThat(record.position().partition())
                        .isEqualTo(topics.partitioning().of(event.userId()));
                assertThat(record.key()).isEqualTo(event.userId().utf8());
                assertThat(record.value()).isEqualTo(original.value());
                assertThat(inWords(record.headers())).isEqualTo(inWords(original.headers()));
            }
            inOrderOfOrigin();
        }

        private UserEvent read(ConsumerRecord<byte[], byte[]> record) {
            if (records.read(record, "id").reading() instanceof Reading.Valid valid) {
                return valid.event();
            }
            throw new AssertionError("not valid: " + record);
        }

        /** What was moved from one partition is applied in the order it had there. */
        private void inOrderOfOrigin() {
            Map<String, List<Long>> offsets = new HashMap<>();
            Map<String, ConsumerRecord<byte[], byte[]>> origins = new HashMap<>();
            written.forEach(record -> origins.put(read(record).ref().id(), record));
            for (Arrival.Event event : inOrder) {
                ConsumerRecord<byte[], byte[]> origin =
                        Objects.requireNonNull(origins.get(event.event().ref().id()));
                boolean moved = origin.partition() != event.record().position().partition()
                        || origin.offset() != event.record().position().offset();
                String group = event.event().userId() + " from " + origin.partition() + (moved ? " moved" : "");
                offsets.computeIfAbsent(group, one -> new ArrayList<>()).add(origin.offset());
            }
            offsets.forEach((group, all) -> assertThat(all).as(group).isSorted());
        }

        private static List<String> inWords(List<RawRecord.Header> headers) {
            return headers.stream()
                    .map(header -> header.name() + "=" + Arrays.toString(header.value()))
                    .toList();
        }

        private static List<String> inWords(Iterable<Header> headers) {
            List<String> words = new ArrayList<>();
            headers.forEach(header -> words.add(header.key() + "=" + Arrays.toString(header.value())));
            return words;
        }
    }
}
