package io.tokenbroker.e2e;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.time.Duration;
import java.time.Instant;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.stream.IntStream;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.clients.producer.RecordMetadata;
import org.apache.kafka.common.header.Headers;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import tools.jackson.databind.JsonNode;

/** What Kafka may hold that nobody should have written. */
@Timeout(180)
class BadInputIT {

    private static final Duration SOON = Duration.ofSeconds(30);
    private static final String OURS = "tokenbroker-dead-letter-";

    private static Stack stack;
    private static BrokerApi admin;

    /** @param reason what its dead letter has to say */
    private record Bad(String reason, ProducerRecord<byte[], byte[]> record) {}

    @BeforeAll
    static void start() {
        stack = Stack.start(BadInputIT.class, "--quota=none");
        admin = stack.admin(stack.broker(Stack.NO_QUOTA));
    }

    @AfterAll
    static void stop() {
        stack.close();
    }

    @Test
    void whatCannotBeAppliedGoesToTheDeadLettersUntouchedWithTheReasonAndStopsNobody() {
        List<Bad> bad = List.of(
                new Bad("event", raw("bytes", new byte[] {(byte) 0xff, 0, (byte) 0xc3, 0x28})),
                new Bad("event", raw("no value", null)),
                new Bad("event", new ProducerRecord<>(Topic.LIFECYCLE, null, null)),
                new Bad("event", structured("broken json", "{\"specversion\":\"1.0\",")),
                new Bad("event", structured("no object", "[]")),
                new Bad("event", structured("no value", null)),
                new Bad("specversion", without("ce_specversion")),
                new Bad("id", without("ce_id")),
                new Bad("source", without("ce_source")),
                new Bad("type", without("ce_type")),
                new Bad("specversion", with("ce_specversion", "0.3")),
                new Bad("specversion", with("ce_specversion", "7.5")),
                new Bad("ce_id given twice", with("ce_id", "once", "twice")),
                new Bad("time is 'yesterday'", with("ce_time", "yesterday")),
                new Bad(
                        "time",
                        with("ce_time", Instant.now().plus(Duration.ofDays(1)).toString())),
                new Bad("ce_subject without a value in UTF-8", with("ce_subject", new byte[] {(byte) 0xc3, 0x28})),
                new Bad(
                        "type",
                        UserEvent.of("tokenbroker.user.renamed.v1", "renamed").binary()),
                new Bad(
                        "type",
                        UserEvent.of("tokenbroker.user.created.v2", "created-v2")
                                .binary()),
                new Bad("/data/scopes/1", created("{\"scopes\":[\"chat\",\"telepathy\"]}")),
                new Bad("/data/scopes", created("{\"scopes\":[]}")),
                new Bad("/data/scopes", created("{\"scopes\":\"chat\"}")),
                new Bad("/data/expiresInMinutes", created("{\"expiresInMinutes\":59}")),
                new Bad("/data/expiresInMinutes", created("{\"expiresInMinutes\":1441}")),
                new Bad("/data/expiresInMinutes", created("{\"expiresInMinutes\":60.5}")),
                new Bad("/data/expiresInMinutes", created("{\"expiresInMinutes\":\"sixty\"}")),
                new Bad("/data/identityId", created("{\"identityId\":\"nobody\"}")),
                new Bad("/data", created("[]")),
                new Bad("/data", created("{\"scopes\":")),
                new Bad("subject", UserEvent.created("x".repeat(257)).binary()),
                new Bad("subject", UserEvent.created("tab\there").binary()),
                new Bad("subject", UserEvent.created("bell\u0007").structured("bell")),
                new Bad("subject", UserEvent.created("line\u2028separator").binary()));

        List<RecordMetadata> written = write(bad.stream().map(Bad::record).toList());

        await("a dead letter for each")
                .atMost(SOON)
                .until(() -> IntStream.range(0, bad.size())
                        .allMatch(i -> deadLetterOf(written.get(i)).isPresent()));
        List<JsonNode> listed = admin.deadLetters();
        assertThat(IntStream.range(0, bad.size()).boxed()).allSatisfy(i -> {
            ProducerRecord<byte[], byte[]> original = bad.get(i).record();
            RecordMetadata where = written.get(i);
            var letter = deadLetterOf(where).orElseThrow();
            assertThat(Topic.header(letter, OURS + "reason"))
                    .contains(bad.get(i).reason());
            assertThat(letter.value()).isEqualTo(original.value());
            assertThat(letter.key()).isEqualTo(original.key());
            assertThat(theirs(letter.headers())).isEqualTo(theirs(original.headers()));
            assertThat(listed)
                    .filteredOn(item -> item.at("/origin/partition").asInt(-1) == where.partition()
                            && item.at("/origin/offset").asLong(-1) == where.offset())
                    .singleElement()
                    .satisfies(item -> assertThat(item.path("reason").asString(""))
                            .contains(bad.get(i).reason()));
        });

        // as many as reach every partition
        List<String> users = IntStream.range(0, 48).mapToObj(i -> "after-" + i).toList();
        write(users.stream().map(user -> UserEvent.created(user).binary()).toList());
        awaitAllProvisioned(users);
        Outcomes outcomes = Outcomes.read(stack.kafka());
        assertThat(outcomes.all())
                .filteredOn(told ->
                        !told.userId().startsWith("after-") && !told.userId().startsWith("reader-"))
                .isEmpty();
    }

    @Test
    void eventsOfOtherTypesArePassedWithoutAWord() {
        double before = admin.metric("tokenbroker_pipeline_records_total", "result=\"foreign\"");

        List<RecordMetadata> written = write(List.of(
                UserEvent.of("com.example.user.renamed", "foreign-1").binary(),
                UserEvent.of("com.example.user.created", "foreign-2").structured("foreign-2")));

        await("both counted")
                .atMost(SOON)
                .until(() -> admin.metric("tokenbroker_pipeline_records_total", "result=\"foreign\"") >= before + 2);
        assertThat(written).noneMatch(where -> deadLetterOf(where).isPresent());
        assertThat(DirectoryLog.read(stack.kafka()).entries()).doesNotContainKeys("foreign-1", "foreign-2");
    }

    @Test
    void whatIsMerelyUnusualIsApplied() {
        String longest = "reader-" + "😀".repeat(249);
        List<String> users =
                List.of("reader-null-data", "reader-null-json", "reader-data-user", "reader-key-user", longest);
        ProducerRecord<byte[], byte[]> byData = UserEvent.created("x")
                .withData("{\"userId\":\"reader-data-user\",\"unknown\":{\"deep\":[1]}}")
                .binary("reader-data-user");
        byData.headers().remove("ce_subject");
        ProducerRecord<byte[], byte[]> byKey = UserEvent.created("x").binary("reader-key-user");
        byKey.headers().remove("ce_subject");

        write(List.of(
                UserEvent.created("reader-null-data").binary(),
                UserEvent.created("reader-null-json").withData("null").binary(),
                byData,
                byKey,
                UserEvent.created(longest).structured(null)));

        awaitAllProvisioned(users);
    }

    @Test
    void aDeadLetterIsAppliedWhenItIsDrivenAgainAndItsCauseIsGone() {
        stack.emulator().faults("{\"errors\":[{\"operation\":\"*\",\"status\":400,\"rate\":1}]}");
        RecordMetadata where = write(List.of(UserEvent.created("reader-redriven")
                        .withData("{\"scopes\":[\"voip\"]}")
                        .binary()))
                .getFirst();
        await("given up").atMost(SOON).until(() -> deadLetterOf(where).isPresent());
        assertThat(admin.get("reader-redriven").json().at("/parked/reason").asString(""))
                .isNotEmpty();
        stack.emulator().noFaults();
        var letter = deadLetterOf(where).orElseThrow();

        JsonNode redriven = admin.send(
                        "POST", "/v1/dead-letters/" + letter.partition() + "-" + letter.offset() + "/redrive", Map.of())
                .expect(BrokerApi.ACCEPTED)
                .json();

        assertThat(redriven.at("/appended/partition").asInt(-1)).isEqualTo(where.partition());
        awaitAllProvisioned(List.of("reader-redriven"));
        JsonNode entry = admin.get("reader-redriven").json();
        assertThat(entry.has("parked")).isFalse();
        assertThat(entry.path("scopes").toString()).isEqualTo("[\"voip\"]");
    }

    @Test
    void aDeadLetterThatIsNotThereCannotBeDrivenAgain() {
        admin.send("POST", "/v1/dead-letters/0-99999999/redrive", Map.of()).expect(BrokerApi.NOT_FOUND);
        assertThat(admin.send("POST", "/v1/dead-letters/first/redrive", Map.of())
                        .expect(400)
                        .json()
                        .at("/errors/0/allowed")
                        .asString(""))
                .contains("<partition>-<offset>");
    }

    private static void awaitAllProvisioned(List<String> users) {
        await("identities of " + users.size() + " users")
                .atMost(SOON)
                .pollInterval(Duration.ofMillis(200))
                .until(() -> {
                    Outcomes outcomes = Outcomes.read(stack.kafka());
                    return users.stream()
                            .allMatch(user ->
                                    outcomes.of(user, Outcomes.PROVISIONED).size() == 1);
                });
    }

    private static List<RecordMetadata> write(List<ProducerRecord<byte[], byte[]>> records) {
        try (var producer = stack.producer()) {
            return records.stream().map(producer::send).toList().stream()
                    .map(Stack::join)
                    .toList();
        }
    }

    private static Optional<ConsumerRecord<byte[], byte[]>> deadLetterOf(RecordMetadata where) {
        return Topic.read(stack.kafka(), Topic.DEAD_LETTERS).stream()
                .filter(letter -> String.valueOf(where.partition()).equals(Topic.header(letter, OURS + "partition"))
                        && String.valueOf(where.offset()).equals(Topic.header(letter, OURS + "offset")))
                .findFirst();
    }

    /** Names and values, in their order. */
    private static List<String> theirs(Headers headers) {
        return Arrays.stream(headers.toArray())
                .filter(header -> !header.key().startsWith(OURS))
                .map(header -> header.key() + "=" + Arrays.toString(header.value()))
                .toList();
    }

    private static ProducerRecord<byte[], byte[]> raw(String key, byte @Nullable [] value) {
        return new ProducerRecord<>(Topic.LIFECYCLE, key.getBytes(UTF_8), value);
    }

    private static ProducerRecord<byte[], byte[]> structured(String key, @Nullable String value) {
        var record = raw(key, value == null ? null : value.getBytes(UTF_8));
        UserEvent.header(record, "content-type", "application/cloudevents+json");
        return record;
    }

    private static ProducerRecord<byte[], byte[]> created(String data) {
        return UserEvent.created("bad-data").withData(data).binary();
    }

    private static ProducerRecord<byte[], byte[]> without(String header) {
        return changed(headers -> headers.remove(header));
    }

    private static ProducerRecord<byte[], byte[]> with(String header, String... values) {
        return changed(headers -> {
            headers.remove(header);
            List.of(values).forEach(value -> headers.add(header, value.getBytes(UTF_8)));
        });
    }

    private static ProducerRecord<byte[], byte[]> with(String header, byte[] value) {
        return changed(headers -> headers.remove(header).add(header, value));
    }

    private static ProducerRecord<byte[], byte[]> changed(Consumer<Headers> change) {
        var record = UserEvent.created("bad-headers").binary();
        change.accept(record.headers());
        return record;
    }
}
