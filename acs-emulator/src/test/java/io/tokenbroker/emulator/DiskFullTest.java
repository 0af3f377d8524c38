package io.tokenbroker.emulator;

import static io.tokenbroker.emulator.Caller.CREATE;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assumptions.assumeThat;
import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;

/** A bound on the size of the process's files stands in for a full disk: part of a line still fits, and no more. */
class DiskFullTest {
    @TempDir
    private Path data;

    private EmulatorProcess process;
    private Caller caller;
    private String kept;

    @BeforeEach
    void start() throws IOException {
        assumeThat(Path.of("/usr/bin/prlimit")).as("util-linux's prlimit").exists();
        process = EmulatorProcess.start(data);
        caller = process.caller();
        kept = caller.anIdentity();
    }

    @AfterEach
    void kill() {
        if (process != null) {
            process.close();
        }
    }

    @Test
    void whatWasPromisedOutlivesAKillAndWhatWasRefusedDidNotHappen() throws Exception {
        fill();
        assertThat(caller.post(CREATE, "").statusCode()).isEqualTo(503);
        assertThat(caller.delete(kept).statusCode()).isEqualTo(503);
        process.close();

        try (AcsEmulator emulator =
                AcsEmulator.start(EmulatorOptions.ephemeral().withData(data))) {
            JsonNode identities = new Caller(emulator).control("/emulator/identities?state=active");
            assertThat(identities.path("count").asInt()).isEqualTo(1);
            assertThat(identities.toString()).contains(kept);
        }
    }

    @Test
    void goesOnByItselfOnceThereIsRoomAndLosesNothing() throws Exception {
        fill();
        assertThat(caller.post(CREATE, "").body()).contains("ServiceUnavailable");
        limitFilesTo("unlimited");
        await().until(() -> caller.delete(kept).statusCode() == 204);
        assertThat(caller.post(CREATE, "").statusCode()).isEqualTo(201);
        JsonNode before = caller.control("/emulator/identities");
        process.close();

        try (AcsEmulator emulator =
                AcsEmulator.start(EmulatorOptions.ephemeral().withData(data))) {
            assertThat(new Caller(emulator).control("/emulator/identities")).isEqualTo(before);
        }
    }

    private void fill() throws Exception {
        limitFilesTo(Long.toString(Files.size(data.resolve("ledger.log")) + 20));
    }

    private void limitFilesTo(String bytes) throws Exception {
        var prlimit = new ProcessBuilder("/usr/bin/prlimit", "--pid=" + process.pid(), "--fsize=" + bytes + ":");
        assertThat(prlimit.inheritIO().start().waitFor()).isZero();
    }
}
