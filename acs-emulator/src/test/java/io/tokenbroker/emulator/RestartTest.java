package io.tokenbroker.emulator;

import static io.tokenbroker.emulator.Caller.CREATE;
import static io.tokenbroker.emulator.Caller.ISSUE;
import static io.tokenbroker.emulator.Caller.REVOKE;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.UUID;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;

class RestartTest {
    @TempDir
    private Path data;

    @Test
    void goesOnWhereItWasAfterAKill() throws Exception {
        JsonNode before;
        String connectionKey;
        try (EmulatorProcess process = EmulatorProcess.start(data)) {
            Caller caller = process.caller();
            String deleted = caller.anIdentity();
            caller.delete(deleted);
            String revoked = caller.anIdentity();
            caller.post("/identities/" + revoked + ISSUE, "{\"scopes\":[\"chat\"]}");
            caller.post("/identities/" + revoked + REVOKE, "");
            caller.post(CREATE, "{\"createTokenWithScopes\":[\"voip\"]}");
            before = caller.control("/emulator/identities");
            connectionKey = caller.control("GET", "/emulator/jwks", "").body();
        }

        try (AcsEmulator emulator = AcsEmulator.start(kept())) {
            var caller = new Caller(emulator);
            assertThat(caller.control("/emulator/identities")).isEqualTo(before);
            assertThat(caller.control("/emulator/identities?state=active")
                            .path("count")
                            .asInt())
                    .isEqualTo(2);
            assertThat(caller.control("GET", "/emulator/jwks", "").body()).isEqualTo(connectionKey);
            assertThat(caller.post(CREATE, "").statusCode()).isEqualTo(201);
        }
    }

    @Test
    void keepsItsKeys() {
        String pem;
        String key;
        try (AcsEmulator emulator = AcsEmulator.start(kept())) {
            pem = emulator.caPem();
            key = emulator.connectionString().split(";")[1];
        }
        try (AcsEmulator emulator = AcsEmulator.start(kept())) {
            assertThat(emulator.caPem()).isEqualTo(pem);
            assertThat(emulator.connectionString()).endsWith(key);
        }
    }

    @Test
    void forgetsALastLineThatWasCutShort() throws IOException {
        try (AcsEmulator emulator = AcsEmulator.start(kept())) {
            new Caller(emulator).anIdentity();
        }
        Files.writeString(data.resolve("ledger.log"), "C 0d0c5f7e-6f5e-4b", StandardOpenOption.APPEND);

        try (AcsEmulator emulator = AcsEmulator.start(kept())) {
            var caller = new Caller(emulator);
            assertThat(caller.control("/emulator/identities").path("count").asInt())
                    .isEqualTo(1);
            caller.anIdentity();
        }
        assertThat(data.resolve("ledger.log")).content().hasLineCount(2);
    }

    @Test
    void refusesADirectoryThatIsInUse() {
        try (AcsEmulator emulator = AcsEmulator.start(kept())) {
            assertThat(emulator.port()).isPositive();
            assertThatThrownBy(() -> AcsEmulator.start(kept())).hasMessageContaining("in use by another emulator");
        }
    }

    @Test
    void refusesADirectoryOfAnotherResource() {
        AcsEmulator.start(kept()).close();
        UUID other = UUID.randomUUID();

        assertThatThrownBy(() -> AcsEmulator.start(kept().withResourceId(other)))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining(other.toString());
    }

    @Test
    void takesANewAccessKeyForAKeptResource() {
        AcsEmulator.start(kept()).close();

        try (AcsEmulator emulator = AcsEmulator.start(kept().withAccessKey("bmV3IGtleQ=="))) {
            assertThat(emulator.connectionString()).endsWith("accesskey=bmV3IGtleQ==");
            assertThat(new Caller(emulator).post(CREATE, "").statusCode()).isEqualTo(201);
        }
    }

    private EmulatorOptions kept() {
        return EmulatorOptions.ephemeral().withData(data);
    }
}
