package io.tokenbroker.e2e;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.apache.kafka.clients.admin.Admin;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** A Kafka that wants TLS, a password, and an ACL for everything that is done. */
@Timeout(240)
@Order(3)
@TakesMinutes
class SecuredKafkaIT {
    private static final String ALLOWED = "tokenbroker";
    private static final String STRANGER = "stranger";
    private static final String PASSWORD = "of-the-broker";
    private static final Duration SOON = Duration.ofSeconds(30);

    private static Stack stack;
    private static SecuredKafka kafka;

    @TempDir
    static Path folder;

    @BeforeAll
    static void start() {
        kafka = new SecuredKafka(folder);
        stack = Stack.start(SecuredKafkaIT.class, kafka::options);
        try (Admin admin = SecuredKafka.admin(stack)) {
            SecuredKafka.addUser(admin, ALLOWED, PASSWORD);
            SecuredKafka.addUser(admin, STRANGER, PASSWORD);
            SecuredKafka.allowWhatThePageSays(admin, ALLOWED);
        }
    }

    @AfterAll
    static void stop() {
        stack.close();
    }

    @Test
    void theAclsOfThePageAreEnoughForEverythingTheBrokerDoes() {
        BrokerProcess broker = stack.broker(kafka.settings(ALLOWED, PASSWORD));
        BrokerApi admin = stack.admin(broker);
        try (EventStream outcomes = EventStream.open(admin, "/v1/token-events", "")) {
            await("a position").atMost(SOON).until(() -> !outcomes.lastId().isEmpty());

            admin.createAndWait("alice");
            admin.token("alice").expect(BrokerApi.OK);
            admin.revokeAndWait("alice");
            admin.deleteAndWait("alice");
            assertThat(admin.publish(
                                    "application/cloudevents+json",
                                    UserEvent.created("bob").structuredJson())
                            .status())
                    .isEqualTo(BrokerApi.ACCEPTED);
            await("bob").atMost(SOON).until(() -> admin.get("bob").status() == BrokerApi.OK);
            String replay = admin.send(
                            "POST",
                            "/v1/replays",
                            Map.of("Content-Type", "application/json"),
                            "{\"mode\":\"provision\",\"from\":\"earliest\",\"dryRun\":true}")
                    .expect(BrokerApi.ACCEPTED)
                    .text("id");
            await("the replay's plan")
                    .atMost(SOON)
                    .until(() -> admin.send("GET", "/v1/replays/" + replay, Map.of())
                            .text("state")
                            .equals("completed"));
            assertThat(admin.deadLetters()).isEmpty();
            assertThat(admin.orphans()).isEmpty();
            await("what became of it")
                    .atMost(SOON)
                    .untilAsserted(() -> assertThat(outcomes.events())
                            .extracting(event -> event.json().path("type").asString(""))
                            .contains(Outcomes.PROVISIONED, Outcomes.ISSUED, Outcomes.REVOKED, Outcomes.DELETED));
            assertThat(admin.health().path("status").asString("")).isEqualTo("UP");
        }
    }

    @Test
    void whoTrustsAnotherAuthorityIsToldSoAndDoesNotStart() throws Exception {
        Path other = Files.writeString(
                folder.resolve("other-ca.pem"), stack.emulator().certificateAuthority());

        assertThat(failedStart(kafka.settings(ALLOWED, PASSWORD, other))).contains("SSL handshake failed");
    }

    @Test
    void whoHasAWrongPasswordIsToldSoAndDoesNotStart() {
        assertThat(failedStart(kafka.settings(ALLOWED, "of-somebody-else")))
                .contains("Authentication failed")
                .doesNotContain("of-somebody-else");
    }

    @Test
    void whoMayNotMakeTopicsIsToldWhichOnesAreMissing() {
        List<String> settings = new ArrayList<>(kafka.settings(STRANGER, PASSWORD));
        settings.add("--tokenbroker.topics.lifecycle=nobodys");

        assertThat(failedStart(settings))
                .contains("topic nobodys is missing, or not to be seen by")
                .contains("APPLICATION FAILED TO START")
                .doesNotContain("\tat ");
    }

    /** What a broker says that ends by itself. */
    private static String failedStart(List<String> settings) {
        BrokerProcess broker = stack.starting(settings);
        await("the end of a broker that cannot start")
                .atMost(Duration.ofMinutes(2))
                .until(() -> !broker.isAlive());
        return broker.said();
    }
}
