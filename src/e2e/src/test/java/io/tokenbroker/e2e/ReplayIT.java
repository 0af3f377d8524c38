package io.tokenbroker.e2e;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.AdminClientConfig;
import org.apache.kafka.clients.admin.NewTopic;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.common.TopicPartition;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import tools.jackson.databind.JsonNode;

/** Batch provisioning by replay of the log's history. */
@Timeout(300)
class ReplayIT {

    private static final Duration LONG = Duration.ofMinutes(3);
    private static final Map<String, String> JSON = Map.of("Content-Type", "application/json");

    /** Each with ten events; a tenth of them from before the broker. */
    private static final int USERS = Integer.getInteger("e2e.replay-users", 500);

    private static final int OLD = USERS / 10;
    private static final int NEW = USERS - OLD;

    private static final String EVERYTHING = "{\"from\":\"earliest\"}";

    @Test
    void onlyUsersOfTheTimeBeforeTheBrokerGetAnIdentityAndASecondRunMakesNoCall() throws Exception {
        try (Stack stack = Stack.start(ReplayIT.class, "--quota=none")) {
            makeTopic(stack);
            write(stack, "old-", OLD, 10);
            BrokerProcess broker = stack.broker(fromLatest());
            BrokerApi admin = stack.admin(broker);
            write(stack, "new-", NEW, 10);
            await().atMost(LONG).until(() -> stack.emulator().calls("createUserAndToken") == NEW);

            JsonNode planned = terminal(stack, broker, 0, "replay", "--dry-run");
            assertThat(planned.at("/plan/create").asInt()).isEqualTo(OLD);
            assertThat(planned.at("/plan/unchanged").asInt()).isEqualTo(NEW);
            assertThat(planned.at("/plan/scanned/records").asInt()).isEqualTo(10 * USERS);
            assertThat(stack.emulator().calls("create")).isZero();

            JsonNode applied = terminal(stack, broker, 0, "replay", "--yes");
            assertThat(applied.at("/report/created").asInt()).isEqualTo(OLD);
            assertThat(stack.emulator().calls("create"))
                    .isEqualTo(planned.at("/plan/calls/total").asLong());

            JsonNode again = terminal(stack, broker, 0, "replay", "--yes");
            assertThat(again.at("/plan/calls/total").asInt()).isZero();
            assertThat(stack.emulator().calls("create")).isEqualTo(OLD);
            assertThat(stack.emulator().ledger().live()).hasSize(USERS);
            assertThat(admin.deadLetters()).isEmpty();
        }
    }

    @Test
    @TakesMinutes
    void aJobGoesOnThoughTheBrokerIsKilledAndKafkaAndAcsGoAwayAndItsTotalsAreExact() throws Exception {
        int users = 3 * USERS / 2;
        try (Stack stack = Stack.start(ReplayIT.class, "--quota=none")) {
            makeTopic(stack);
            write(stack, "user-", users, 2);
            stack.emulator().faults("{\"latencyMs\":{\"fixed\":50}}");
            List<String> settings = fromLatest();
            settings.add("--tokenbroker.replay.window=100");
            BrokerProcess broker = stack.broker(settings);
            BrokerApi admin = stack.admin(broker);
            String job = start(admin, EVERYTHING);

            awaitCreates(stack, users * 30 / 100);
            broker.kill();
            broker.startAgain().awaitReady();
            awaitCreates(stack, users * 60 / 100);
            admin.send("POST", "/v1/replays/" + job + "/pause", JSON, "").expect(BrokerApi.OK);
            broker.kill();
            broker.startAgain().awaitReady();
            awaitState(admin, job, "paused");
            admin.send("POST", "/v1/replays/" + job + "/resume", JSON, "").expect(BrokerApi.OK);
            awaitCreates(stack, users * 75 / 100);
            stack.restartKafka();
            awaitCreates(stack, users * 85 / 100);
            stack.acs().kill();
            stack.acsBack("--quota=none");

            JsonNode over = awaitOver(admin, job);
            assertThat(over.path("state").asString("")).isEqualTo("completed");
            assertThat(over.at("/report/created").asInt()).isEqualTo(users);
            assertThat(over.at("/progress/done").asInt()).isEqualTo(users);
            eachHasOneIdentity(stack, admin, users);
        }
    }

    @Test
    @TakesMinutes
    void deadLettersAreRedrivenInBulkOnceEachThoughTheBrokerIsKilledMeanwhile() throws Exception {
        int users = 300;
        try (Stack stack = Stack.start(ReplayIT.class, "--quota=none")) {
            makeTopic(stack);
            List<String> settings = new ArrayList<>(Stack.NO_QUOTA);
            settings.add("--tokenbroker.replay.window=20");
            BrokerProcess broker = stack.broker(settings);
            BrokerApi admin = stack.admin(broker);
            stack.emulator().faults("{\"errors\":[{\"operation\":\"*\",\"status\":400,\"rate\":1}]}");
            write(stack, "user-", users, 1);
            await().atMost(LONG).until(() -> admin.deadLetters().size() == users);
            stack.emulator().noFaults();
            stack.emulator().faults("{\"latencyMs\":{\"fixed\":50}}");

            JsonNode planned = terminal(stack, broker, 0, "dead-letters", "redrive", "--reason=ACS", "--dry-run");
            String job = start(admin, "{\"mode\":\"redrive\",\"filter\":{\"reason\":\"ACS\"}}");
            await().atMost(LONG).until(() -> stack.emulator().ledger().live().size() >= users / 3);
            broker.kill();
            broker.startAgain().awaitReady();
            JsonNode over = awaitOver(admin, job);
            JsonNode again = terminal(stack, broker, 0, "dead-letters", "redrive", "--yes");

            assertThat(planned.at("/plan/redrive").asInt()).isEqualTo(users);
            assertThat(planned.at("/plan/calls/total").asInt()).isEqualTo(users);
            assertThat(over.path("state").asString("")).isEqualTo("completed");
            assertThat(over.at("/report/redriven").asInt()).isEqualTo(users);
            assertThat(Topic.read(stack.kafka(), Topic.LIFECYCLE)).hasSize(2 * users);
            eachHasOneIdentity(stack, admin, users);
            assertThat(again.at("/plan/redrive").asInt()).isZero();
            assertThat(again.at("/plan/unchanged").asInt()).isEqualTo(users);
        }
    }

    @Test
    void whoIsDeletedLiveStaysDeletedAndLiveUsersAreServedMeanwhile() throws Exception {
        try (Stack stack = Stack.start(ReplayIT.class, "--quota=none")) {
            makeTopic(stack);
            write(stack, "user-", 400, 1);
            List<String> settings = fromLatest();
            settings.add("--tokenbroker.acs.quota.create=50");
            settings.add("--tokenbroker.replay.window=20");
            BrokerProcess broker = stack.broker(settings);
            BrokerApi admin = stack.admin(broker);
            String job = start(admin, EVERYTHING);
            await().atMost(LONG).until(() -> stack.emulator().calls("create") > 0);

            List<String> leaving = IntStream.range(0, 400)
                    .mapToObj(i -> "user-" + i)
                    .filter(user -> admin.get(user).status() == BrokerApi.NOT_FOUND)
                    .limit(20)
                    .toList();
            leaving.forEach(admin::deleteAndWait);
            admin.createAndWait("live-1");
            admin.send("POST", "/v1/replays/" + job + "/pause", JSON, "").expect(BrokerApi.OK);
            awaitState(admin, job, "paused");
            admin.send("POST", "/v1/replays/" + job + "/pause", JSON, "").expect(409);
            admin.send("POST", "/v1/replays", JSON, EVERYTHING).expect(409);
            admin.send("POST", "/v1/replays/" + job + "/cancel", JSON, "").expect(BrokerApi.OK);
            awaitState(admin, job, "cancelled");

            assertThat(leaving).hasSize(20);
            String rest = start(
                    admin,
                    "{\"from\":\"earliest\",\"filter\":{\"users\":[\"" + String.join("\",\"", leaving) + "\"]}}");
            JsonNode over = awaitOver(admin, rest);
            assertThat(over.at("/plan/create").asInt()).isZero();
            leaving.forEach(
                    user -> assertThat(admin.get(user).text("identityId")).isEmpty());
        }
    }

    @Test
    @TakesMinutes
    void rebuildGivesEverybodyOneIdentityOnTheOtherResource() throws Exception {
        int users = 300;
        try (Stack stack = Stack.start(ReplayIT.class, "--quota=none");
                Stack other = Stack.start(ReplayIT.class, "--quota=none")) {
            makeTopic(stack);
            write(stack, "user-", users, 1);
            BrokerProcess before = stack.broker(Stack.NO_QUOTA);
            await().atMost(LONG).until(() -> stack.emulator().ledger().live().size() == users);
            String retiring = resource(stack.emulator().ledger().live());
            before.stop();
            Path authorities = Files.createTempFile("authorities", ".pem");
            Files.writeString(
                    authorities,
                    stack.emulator().certificateAuthority() + other.emulator().certificateAuthority());
            List<String> settings = new ArrayList<>(Stack.NO_QUOTA);
            settings.add("--tokenbroker.acs.trusted-certificates=" + authorities);
            settings.add("--tokenbroker.acs.resources[0].connection-string="
                    + other.emulator().connectionString());
            settings.add("--tokenbroker.acs.resources[1].connection-string="
                    + stack.emulator().connectionString());
            settings.add("--tokenbroker.acs.resources[1].state=retiring");
            settings.add("--tokenbroker.acs.resources[1].resource-id=" + retiring);
            BrokerProcess broker = stack.broker(settings);
            BrokerApi admin = stack.admin(broker);

            JsonNode over = awaitOver(admin, start(admin, "{\"mode\":\"rebuild\"}"));

            assertThat(over.at("/report/moved").asInt()).isEqualTo(users);
            assertThat(stack.emulator().ledger().live()).isEmpty();
            assertThat(other.emulator().ledger().live()).hasSize(users);
            Set<String> held = new HashSet<>();
            for (int i = 0; i < users; i++) {
                held.add(admin.get("user-" + i).expect(BrokerApi.OK).text("identityId"));
            }
            assertThat(held).isEqualTo(other.emulator().ledger().live());
        }
    }

    @Test
    @TakesMinutes
    void resettingTheGroupsOwnOffsetsIsHarmless() throws Exception {
        try (Stack stack = Stack.start(ReplayIT.class, "--quota=none")) {
            makeTopic(stack);
            write(stack, "user-", 500, 3);
            BrokerProcess broker = stack.broker(Stack.NO_QUOTA);
            await().atMost(LONG).until(() -> stack.emulator().calls("createUserAndToken") == 500);
            BrokerApi admin = stack.admin(broker);
            broker.stop();

            toTheBeginning(stack);
            broker.startAgain().awaitReady();

            await().atMost(LONG).until(() -> admin.metric("tokenbroker_pipeline_records_total", "duplicate") >= 1_500);
            assertThat(stack.emulator().calls("createUserAndToken")).isEqualTo(500);
            assertThat(stack.emulator().ledger().live()).hasSize(500);
        }
    }

    // ---- the world before and around the broker

    private static List<String> fromLatest() {
        List<String> settings = new ArrayList<>(Stack.NO_QUOTA);
        settings.add("--tokenbroker.lifecycle.start-from=latest");
        return settings;
    }

    private static Admin kafka(Stack stack) {
        return Admin.create(Map.of(AdminClientConfig.BOOTSTRAP_SERVERS_CONFIG, stack.kafka()));
    }

    private static void makeTopic(Stack stack) throws InterruptedException, ExecutionException {
        try (Admin admin = kafka(stack)) {
            admin.createTopics(
                            List.of(new NewTopic(Topic.LIFECYCLE, 12, (short) 1).configs(Map.of("retention.ms", "-1"))))
                    .all()
                    .get();
        }
    }

    private static void write(Stack stack, String prefix, int users, int events) {
        // the topic is young: a batch that finds no leader yet must not be overtaken by the next
        try (var producer = stack.producer(Map.of("linger.ms", 5, "max.in.flight.requests.per.connection", 1))) {
            List<Future<?>> sent = new ArrayList<>();
            for (int event = 0; event < events; event++) {
                for (int user = 0; user < users; user++) {
                    sent.add(producer.send(UserEvent.created(prefix + user).binary()));
                }
            }
            producer.flush();
            sent.forEach(one -> assertThat(one.isDone()).isTrue());
        }
    }

    private static void toTheBeginning(Stack stack) throws InterruptedException, ExecutionException {
        try (Admin admin = kafka(stack)) {
            Map<TopicPartition, OffsetAndMetadata> zero = new HashMap<>();
            IntStream.range(0, 12)
                    .forEach(partition ->
                            zero.put(new TopicPartition(Topic.LIFECYCLE, partition), new OffsetAndMetadata(0)));
            admin.alterConsumerGroupOffsets("tokenbroker", zero).all().get();
        }
    }

    private static String resource(Set<String> identities) {
        String any = identities.iterator().next();
        return any.substring("8:acs:".length(), any.indexOf('_'));
    }

    private static void eachHasOneIdentity(Stack stack, BrokerApi admin, int users) {
        Set<String> live = stack.emulator().ledger().live();
        Set<String> held = new HashSet<>();
        for (DirectoryLog.Entry entry :
                DirectoryLog.read(stack.kafka()).entries().values()) {
            held.add(entry.identityId());
        }
        assertThat(held).hasSize(users);
        assertThat(live).containsAll(held);
        int unclaimed = live.size() - held.size();
        System.out.printf("%d identities are nobody's%n", unclaimed);
        assertThat(unclaimed).isLessThanOrEqualTo(admin.items("/v1/orphans").size());
    }

    // ---- replays over HTTP and from the terminal

    private static String start(BrokerApi admin, String body) {
        return admin.send("POST", "/v1/replays", JSON, body)
                .expect(BrokerApi.ACCEPTED)
                .text("id");
    }

    private static JsonNode show(BrokerApi admin, String job) {
        return admin.send("GET", "/v1/replays/" + job, Map.of())
                .expect(BrokerApi.OK)
                .json();
    }

    private static void awaitCreates(Stack stack, int creates) {
        await().atMost(LONG)
                .pollInterval(Duration.ofMillis(50))
                .until(() -> stack.emulator().calls("create") >= creates);
    }

    private static void awaitState(BrokerApi admin, String job, String state) {
        await().atMost(LONG).until(() -> {
            Http.Answer answer = admin.send("GET", "/v1/replays/" + job, Map.of());
            return answer.status() == BrokerApi.OK && answer.text("state").equals(state);
        });
    }

    private static JsonNode awaitOver(BrokerApi admin, String job) {
        await().atMost(LONG)
                .pollInterval(Duration.ofMillis(200))
                .until(() -> List.of("completed", "cancelled", "failed")
                        .contains(show(admin, job).path("state").asString("")));
        return show(admin, job);
    }

    /** What {@code ./tokenbroker} prints as JSON when it is given these words. */
    private static JsonNode terminal(Stack stack, BrokerProcess broker, int status, String... words) {
        Path jar = FastStart.JAR
                .resolveSibling("../../../broker/target/tokenbroker.jar")
                .normalize();
        List<String> line = new ArrayList<>(List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-Xmx128m",
                "-jar",
                jar.toString()));
        line.addAll(List.of(words));
        line.addAll(List.of("--output=json", "--url=" + broker.address()));
        ProcessBuilder command = new ProcessBuilder(line);
        command.environment().put("TOKENBROKER_TOKEN", stack.operatorToken());
        try {
            Process process =
                    command.redirectError(ProcessBuilder.Redirect.INHERIT).start();
            String printed = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
            assertThat(process.waitFor(LONG.toSeconds(), TimeUnit.SECONDS)).isTrue();
            assertThat(process.exitValue()).as(printed).isEqualTo(status);
            return Http.JSON.readTree(printed);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new AssertionError("interrupted", e);
        }
    }
}
