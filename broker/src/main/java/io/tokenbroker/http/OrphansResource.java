package io.tokenbroker.http;

import com.fasterxml.jackson.annotation.JsonInclude;
import io.tokenbroker.directory.AcsIdentityId;
import io.tokenbroker.directory.CreateIntent;
import io.tokenbroker.directory.CreateIntents;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.springframework.http.MediaType;
import org.springframework.stereotype.Component;
import org.springframework.web.reactive.function.server.ServerResponse;
import reactor.core.publisher.Mono;

/** Identities that may have been left at ACS, for operators. */
@Component
final class OrphansResource implements Resource {

    private final CreateIntents intents;

    /**
     * @param requestId what ACS knows the call by: its {@code x-ms-client-request-id}
     * @param identityId known only where ACS's answer arrived
     */
    @JsonInclude(JsonInclude.Include.NON_NULL)
    record OrphanJson(
            String userId,
            Instant startedOn,
            int attempt,
            String requestId,
            @Nullable String identityId) {
        private static OrphanJson of(CreateIntent intent, CreateIntent.Attempt attempt) {
            AcsIdentityId identityId = attempt.identityId();
            return new OrphanJson(
                    intent.userId().value(),
                    attempt.startedOn(),
                    attempt.number(),
                    attempt.id(),
                    identityId == null ? null : identityId.value());
        }
    }

    OrphansResource(CreateIntents intents) {
        this.intents = intents;
    }

    @Override
    public Map<Operation, Handler> handlers() {
        return Map.of(Operation.LIST_ORPHANS, this::list);
    }

    private Mono<ServerResponse> list(Call call) {
        List<OrphanJson> items =
                intents.open().stream().flatMap(OrphansResource::orphans).toList();
        return ServerResponse.ok().contentType(MediaType.APPLICATION_JSON).bodyValue(new Page<>(items, null));
    }

    private static Stream<OrphanJson> orphans(CreateIntent intent) {
        return intent.attempts().stream().map(attempt -> OrphanJson.of(intent, attempt));
    }
}
