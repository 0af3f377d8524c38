package io.tokenbroker.terminal;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ObjectNode;

/** A session as a script has it, with a broker of a few lines. */
class SessionTest {

    private static final JsonMapper JSON = JsonMapper.shared();
    private static final String TOKEN = "secret-token";
    private static final String RANGE =
            "\"range\":{\"topicId\":\"t\",\"partitions\":[{\"partition\":0,\"from\":3,\"to\":9}]}";

    private final List<JsonNode> asked = new ArrayList<>();
    private final ByteArrayOutputStream printed = new ByteArrayOutputStream();
    private final ByteArrayOutputStream complained = new ByteArrayOutputStream();
    private final HttpServer broker;
    private int create = 2;
    private String outcome = "\"state\":\"completed\",\"report\":{\"created\":2,\"parked\":0}";

    @AfterEach
    void stop() {
        broker.stop(0);
    }

    SessionTest() throws IOException {
        broker = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        broker.createContext("/v1/replays", this::answer);
        broker.start();
    }

    private void answer(HttpExchange call) throws IOException {
        if (call.getRequestMethod().equals("POST")) {
            asked.add(JSON.readTree(call.getRequestBody().readAllBytes()));
        }
        boolean dryRun = asked.getLast().path("dryRun").asBoolean(false);
        String body = "{\"id\":\"job-" + asked.size() + "\"," + RANGE + ","
                + (dryRun ? "\"state\":\"completed\"" : outcome)
                + ",\"plan\":{\"create\":" + create + ",\"calls\":{\"total\":" + create + "},\"quotaSeconds\":90}}";
        call.sendResponseHeaders(200, body.getBytes(UTF_8).length);
        call.getResponseBody().write(body.getBytes(UTF_8));
        call.close();
    }

    private int run(boolean yes, boolean dryRun) {
        URI address = URI.create("http://localhost:" + broker.getAddress().getPort());
        Screen screen = new Screen(
                new PrintStream(printed, true, UTF_8), new PrintStream(complained, true, UTF_8), false, null);
        ObjectNode request = JSON.createObjectNode().put("from", "earliest");
        return new Session(new BrokerApi(address, TOKEN), screen, yes, dryRun, false).run(request);
    }

    @Test
    void aDryRunShowsThePlanAndStartsNothingElse() {
        assertThat(run(false, true)).isEqualTo(ExitCode.DONE.status());

        assertThat(asked).hasSize(1);
        assertThat(printed.toString(UTF_8)).contains("get an identity", "at least 1 min 30 s", "dry run");
    }

    @Test
    void whatIsAppliedIsTheRangeThatWasShown() {
        assertThat(run(true, false)).isEqualTo(ExitCode.DONE.status());

        JsonNode applied = asked.getLast();
        assertThat(applied.at("/from/offsets/0").asInt()).isEqualTo(3);
        assertThat(applied.at("/to/offsets/0").asInt()).isEqualTo(9);
        assertThat(applied.at("/from/topicId").asString()).isEqualTo("t");
        assertThat(printed.toString(UTF_8)).contains("completed, 2 created");
    }

    @Test
    void withNothingToDoNothingIsStarted() {
        create = 0;

        assertThat(run(true, false)).isEqualTo(ExitCode.DONE.status());
        assertThat(asked).hasSize(1);
    }

    @Test
    void whereNobodyCanBeAskedAnOptionHasToSayYes() {
        assertThat(run(false, false)).isEqualTo(ExitCode.USAGE.status());
        assertThat(asked).isEmpty();
        assertThat(complained.toString(UTF_8)).contains("--yes");
    }

    @Test
    void theExitStatusTellsHowTheJobEnded() {
        outcome = "\"state\":\"cancelled\"";
        assertThat(run(true, false)).isEqualTo(ExitCode.CANCELLED.status());
        outcome = "\"state\":\"failed\",\"reason\":\"the topic was made anew\"";
        assertThat(run(true, false)).isEqualTo(ExitCode.FAILED.status());
        assertThat(complained.toString(UTF_8)).contains("made anew");
        outcome = "\"state\":\"completed\",\"report\":{\"created\":1,\"parked\":1}";
        assertThat(run(true, false)).isEqualTo(ExitCode.INCOMPLETE.status());
    }

    @Test
    void aPlanOfDeadLettersIsShownInItsOwnWords() {
        JsonNode job = JSON.readTree("{\"mode\":\"redrive\"," + RANGE
                + ",\"plan\":{\"redrive\":2,\"refused\":1,\"scanned\":{\"records\":3},\"samples\":{\"refused\":"
                + "[{\"id\":\"3-17\",\"reason\":\"its bytes were\\nnot kept\"}]},\"calls\":{\"total\":2}}}");

        assertThat(PlanTable.of(job))
                .contains("read 3 dead letters of 1 partitions", "are appended to the log again")
                .contains("such as 3-17 (its bytes were?not kept)")
                .doesNotContain("identity");
    }

    @Test
    void aWrongOptionAndAnAbsentTokenAreTold() {
        assertThat(DeadLettersCommand.run()).isEqualTo(ExitCode.USAGE.status());
        assertThat(DeadLettersCommand.run("redrive", "--no-such-option")).isEqualTo(ExitCode.USAGE.status());
        assertThat(DeadLettersCommand.run("redrive", "--reason=ACS", "--token-file=/no/such/file"))
                .isEqualTo(ExitCode.FAILED.status());
        assertThat(ReplayCommand.run("--no-such-option")).isEqualTo(ExitCode.USAGE.status());
        assertThat(ReplayCommand.run("list", "--token-file=/no/such/file")).isEqualTo(ExitCode.FAILED.status());
    }

    @Test
    void offsetsAreWrittenPartitionByPartition() {
        ObjectNode request = JSON.createObjectNode();

        Bounds.put(request, "from", "0:5,11:900");
        Bounds.put(request, "to", "2026-01-01T00:00:00Z");

        assertThat(request.at("/from/offsets/11").asInt()).isEqualTo(900);
        assertThat(request.path("to").asString()).isEqualTo("2026-01-01T00:00:00Z");
    }
}
