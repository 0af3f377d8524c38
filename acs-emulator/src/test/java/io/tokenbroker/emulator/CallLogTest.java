package io.tokenbroker.emulator;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.azure.communication.common.CommunicationUserIdentifier;
import com.azure.communication.identity.CommunicationIdentityAsyncClient;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

class CallLogTest {
    private static final Duration SOON = Duration.ofSeconds(20);

    @TempDir
    Path directory;

    private Path file;

    @BeforeEach
    void file() {
        file = directory.resolve("calls.json");
    }

    @Test
    void hasALineForEachCallWhenItHasEnded() throws IOException {
        try (var emulator = start()) {
            CommunicationIdentityAsyncClient sdk = new Caller(emulator).sdk();
            CommunicationUserIdentifier user =
                    sdk.createUser().blockOptional(SOON).orElseThrow();
            sdk.deleteUser(user).block(SOON);
            assertThatThrownBy(() -> sdk.deleteUser(user).block(SOON)).hasMessageContaining("404");
        }

        List<JsonNode> lines = lines();
        assertThat(lines)
                .extracting(line -> line.path("operation").asString(""))
                .containsExactly("create", "delete", "delete");
        assertThat(lines).extracting(line -> line.path("status").asInt(0)).containsExactly(201, 204, 404);
        assertThat(lines).allMatch(line -> line.path("answered").asBoolean(false));
        assertThat(lines).noneMatch(line -> line.path("requestId").asString("").isEmpty());
        assertThat(lines.getLast().path("identityId").asString("")).startsWith("8:acs:");
        assertThat(lines).allMatch(line -> !at(line, "endedOn").isBefore(at(line, "beganOn")));
    }

    @Test
    void tellsWorkWhoseResponseWasLostFromWorkThatWasNotDone() throws Exception {
        try (var emulator = start()) {
            var caller = new Caller(emulator);
            caller.faults("{\"dropResponses\":[{\"operation\":\"create\",\"rate\":1}]}");
            assertThatThrownBy(() -> caller.sdk().createUser().block(SOON)).isNotNull();
        }

        JsonNode line = lines().getFirst();
        assertThat(line.path("status").asInt(0)).isEqualTo(201);
        assertThat(line.path("answered").asBoolean(true)).isFalse();
    }

    @Test
    void isGoneOnWithByTheNextEmulator() throws IOException {
        for (int i = 0; i < 2; i++) {
            try (var emulator = start()) {
                new Caller(emulator).sdk().createUser().block(SOON);
            }
        }
        assertThat(lines()).hasSize(2);
    }

    private AcsEmulator start() {
        return AcsEmulator.start(EmulatorOptions.ephemeral().withCallLog(file));
    }

    private static Instant at(JsonNode line, String field) {
        return Instant.parse(line.path(field).asString(""));
    }

    private List<JsonNode> lines() throws IOException {
        return Files.readAllLines(file).stream()
                .map(JsonMapper.shared()::readTree)
                .toList();
    }
}
