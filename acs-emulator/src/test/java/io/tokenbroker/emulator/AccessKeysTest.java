package io.tokenbroker.emulator;

import static io.tokenbroker.emulator.Caller.CREATE;
import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class AccessKeysTest {

    @TempDir
    private Path data;

    @Test
    void eitherKeyIsGood() {
        try (AcsEmulator emulator = start()) {
            assertThat(status(new Caller(emulator.controlPort(), "primary"))).isEqualTo(201);
            assertThat(status(new Caller(emulator.controlPort(), "secondary"))).isEqualTo(201);
        }
    }

    @Test
    void aKeyThatWasMadeAnewIsRefusedAsItWasAndTheOtherOneIsGood() {
        try (AcsEmulator emulator = start()) {
            var withTheOld = new Caller(emulator);
            var withTheOther = new Caller(emulator.controlPort(), "secondary");

            var answer = withTheOld.control("POST", "/emulator/keys/primary/regenerate", "");

            assertThat(answer.body()).isEqualTo(emulator.connectionString());
            assertThat(status(withTheOld)).isEqualTo(401);
            assertThat(status(withTheOther)).isEqualTo(201);
            assertThat(status(new Caller(emulator))).isEqualTo(201);
        }
    }

    @Test
    void aKeyThatWasMadeAnewIsKept() {
        String made;
        try (AcsEmulator emulator = start()) {
            new Caller(emulator).control("POST", "/emulator/keys/secondary/regenerate", "");
            made = secondary(emulator);
        }
        try (AcsEmulator emulator = start()) {
            assertThat(secondary(emulator)).isEqualTo(made);
        }
    }

    @Test
    void noOtherKeyIsThere() {
        try (AcsEmulator emulator = start()) {
            var refused = new Caller(emulator).control("POST", "/emulator/keys/third/regenerate", "");

            assertThat(refused.statusCode()).isEqualTo(400);
            assertThat(refused.body()).contains("\"field\":\"key\"", "\"third\"", "primary, secondary");
        }
    }

    private static int status(Caller caller) {
        return caller.post(CREATE, "").statusCode();
    }

    /** Without where it listens, which differs from start to start. */
    private static String secondary(AcsEmulator emulator) {
        String connectionString = new Caller(emulator)
                .control("GET", "/emulator/connection-string?key=secondary", "")
                .body();
        return connectionString.substring(connectionString.indexOf("accesskey="));
    }

    private AcsEmulator start() {
        return AcsEmulator.start(EmulatorOptions.ephemeral().withData(data));
    }
}
