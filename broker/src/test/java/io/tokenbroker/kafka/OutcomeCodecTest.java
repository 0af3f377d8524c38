package io.tokenbroker.kafka;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import io.tokenbroker.directory.EventRef;
import io.tokenbroker.events.IdentityProvisioned;
import io.tokenbroker.events.TokenIssued;
import io.tokenbroker.outcomes.Outcome;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.junit.jupiter.api.Test;

class OutcomeCodecTest {

    private static final Instant NINE = Instant.parse("2026-11-20T09:00:00.123Z");

    private final Arbitrary any = Arbitrary.seeded();

    @Test
    void everyOutcomeComesBackWithAsMuchOfItsCauseAsARecordKeeps() {
        for (int i = 0; i < 2_000; i++) {
            Outcome outcome = any.outcome();

            var received = Records.received(OutcomeCodec.encode("token-events", outcome), 3, i);

            assertThat(OutcomeCodec.decode(received)).contains(outcome);
        }
    }

    @Test
    void anOutcomeIsABinaryCloudEventKeyedByItsUser() {
        var event = new TokenIssued("älice", "8:acs:x", Set.of("voip", "chat"), NINE, NINE.plusSeconds(60), "t", "r");
        var cause = new EventRef("e1", "/hr", "joiner", NINE, "bob", "00-aa-bb-01");

        ProducerRecord<byte[], byte[]> record =
                OutcomeCodec.encode("token-events", new Outcome("o1", NINE, event, cause, "bob"));

        assertThat(record.key()).isEqualTo("älice".getBytes(UTF_8));
        assertThat(headers(record))
                .containsOnly(
                        Map.entry("ce_specversion", "1.0"),
                        Map.entry("ce_id", "o1"),
                        Map.entry("ce_source", "urn:tokenbroker"),
                        Map.entry("ce_type", "tokenbroker.token.issued.v1"),
                        Map.entry("ce_subject", "älice"),
                        Map.entry("ce_time", "2026-11-20T09:00:00.123Z"),
                        Map.entry("content-type", "application/json"),
                        Map.entry("ce_dataschema", "urn:tokenbroker:events:tokenbroker.token.issued.v1"),
                        Map.entry("ce_causationid", "e1"),
                        Map.entry("ce_requestedby", "bob"),
                        Map.entry("ce_traceparent", "00-aa-bb-01"));
        assertThat(new String(record.value(), UTF_8))
                .isEqualTo("{\"userId\":\"älice\",\"identityId\":\"8:acs:x\",\"scopes\":[\"chat\",\"voip\"],"
                        + "\"issuedOn\":\"2026-11-20T09:00:00.123Z\",\"expiresOn\":\"2026-11-20T09:01:00.123Z\","
                        + "\"tokenId\":\"t\",\"reason\":\"r\"}");
    }

    @Test
    void fieldsOfALaterVersionAreIgnored() {
        var outcome = new Outcome("o1", NINE, new IdentityProvisioned("alice", "8:acs:x"), null, null);
        var sent = OutcomeCodec.encode("token-events", outcome);
        var later = new ProducerRecord<>(
                sent.topic(),
                null,
                sent.key(),
                "{\"userId\":\"alice\",\"identityId\":\"8:acs:x\",\"region\":\"eu\"}".getBytes(UTF_8),
                sent.headers());

        assertThat(OutcomeCodec.decode(Records.received(later, 0, 0))).contains(outcome);
    }

    @Test
    void whatIsNoOutcomeIsPassedOverAndNeverThrows() {
        var sent = OutcomeCodec.encode("token-events", any.outcome());
        sent.headers().remove("ce_type").add("ce_type", "tokenbroker.identity.merged.v9".getBytes(UTF_8));
        assertThat(OutcomeCodec.decode(Records.received(sent, 0, 0))).isEmpty();

        for (int i = 0; i < 1_000; i++) {
            var garbage = new ProducerRecord<>("token-events", any.bytes(9), any.bytes(99));
            assertThat(OutcomeCodec.decode(Records.received(garbage, 0, 0))).isEmpty();
        }
    }

    private static Map<String, String> headers(ProducerRecord<byte[], byte[]> record) {
        Map<String, String> headers = new LinkedHashMap<>();
        record.headers().forEach(header -> headers.put(header.key(), new String(header.value(), UTF_8)));
        return headers;
    }
}
