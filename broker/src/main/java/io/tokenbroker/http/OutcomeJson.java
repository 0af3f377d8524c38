package io.tokenbroker.http;

import com.fasterxml.jackson.annotation.JsonInclude;
import io.tokenbroker.directory.EventRef;
import io.tokenbroker.events.OutcomeEvent;
import io.tokenbroker.outcomes.Outcome;
import java.time.Instant;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.json.JsonMapper;

/** Outcomes as CloudEvents in structured JSON, attribute for attribute what the {@code token-events} topic has. */
final class OutcomeJson {

    private static final JsonMapper JSON = JsonMapper.builder()
            .changeDefaultPropertyInclusion(inclusion -> inclusion.withValueInclusion(JsonInclude.Include.NON_NULL))
            .build();

    private record Structured(
            String specversion,
            String id,
            String source,
            String type,
            String subject,
            Instant time,
            String datacontenttype,
            String dataschema,
            @Nullable String causationid,
            @Nullable String requestedby,
            @Nullable String traceparent,
            OutcomeEvent data) {}

    private OutcomeJson() {}

    static String of(Outcome outcome) {
        OutcomeEvent event = outcome.event();
        EventRef cause = outcome.cause();
        return JSON.writeValueAsString(new Structured(
                "1.0",
                outcome.id(),
                "urn:tokenbroker",
                event.type(),
                event.userId(),
                outcome.time(),
                "application/json",
                "urn:tokenbroker:events:" + event.type(),
                cause == null ? null : cause.id(),
                outcome.requestedBy(),
                cause == null ? null : cause.traceparent(),
                event));
    }
}
