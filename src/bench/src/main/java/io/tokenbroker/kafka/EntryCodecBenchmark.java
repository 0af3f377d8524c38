package io.tokenbroker.kafka;

import io.tokenbroker.directory.AcsIdentityId;
import io.tokenbroker.directory.Aspect;
import io.tokenbroker.directory.DirectoryEntry;
import io.tokenbroker.directory.EventRef;
import io.tokenbroker.directory.LogPosition;
import io.tokenbroker.directory.Seen;
import io.tokenbroker.directory.Standing;
import io.tokenbroker.directory.UserId;
import io.tokenbroker.directory.Verdict;
import java.time.Instant;
import java.util.List;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.Warmup;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** An active user's entry to and from JSON: the codec beside Jackson's tree model and the same bytes. */
@State(Scope.Thread)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
@Fork(1)
@Warmup(iterations = 3, time = 1)
@Measurement(iterations = 5, time = 1)
public class EntryCodecBenchmark {

    private static final Instant NOW = Instant.parse("2026-11-20T00:00:00.123Z");
    private static final JsonMapper JSON = JsonMapper.shared();

    private final DirectoryEntry entry = new DirectoryEntry(
            new UserId("00000000-0000-0000-0000-000000000042"),
            Standing.ACTIVE,
            new AcsIdentityId("8:acs:11111111-2222-3333-4444-555555555555_66666666-7777-8888-9999-aaaaaaaaaaaa"),
            List.of(),
            Set.of("chat", "voip"),
            null,
            false,
            0,
            0,
            null,
            Standing.ACTIVE,
            List.of(new Seen(Aspect.EXISTENCE, "/bench", null, NOW)),
            new LogPosition("h4Kc0kG0QpCbyYdSpjPnFg", 3, 42),
            Verdict.APPLIED,
            new EventRef(
                    "00000000-0000-0000-0000-000000000043", "/bench", "tokenbroker.user.created.v1", NOW, null, null),
            null,
            NOW,
            null,
            null);
    private final byte[] bytes = EntryCodec.encode(entry);
    private final JsonNode tree = JSON.readTree(bytes);

    @Benchmark
    public byte[] encode() {
        return EntryCodec.encode(entry);
    }

    @Benchmark
    public byte[] encodeReference() {
        return JSON.writeValueAsBytes(tree);
    }

    @Benchmark
    public Object decode() {
        return EntryCodec.decode(bytes);
    }

    @Benchmark
    public JsonNode decodeReference() {
        return JSON.readTree(bytes);
    }
}
