package io.tokenbroker.http;

import io.tokenbroker.intake.LifecycleLog;
import java.util.List;
import java.util.Map;
import org.springframework.http.HttpHeaders;
import org.springframework.http.HttpStatus;
import org.springframework.http.MediaType;
import org.springframework.stereotype.Component;
import org.springframework.web.reactive.function.server.ServerResponse;
import reactor.core.publisher.Mono;

/** {@code /v1/events}: CloudEvents in. What is answered with 202 is durable in the input log. */
@Component
final class EventsResource implements Resource {

    private final Bodies bodies;
    private final EventMessages messages;
    private final EventAdmission admission;
    private final LifecycleLog log;

    record Accepted(List<AcceptedEvent> accepted) {}

    record AcceptedEvent(String eventId, String userId) {
        static AcceptedEvent of(LifecycleLog.Draft draft) {
            return new AcceptedEvent(draft.event().getId(), draft.userId().value());
        }
    }

    EventsResource(Bodies bodies, EventMessages messages, EventAdmission admission, LifecycleLog log) {
        this.bodies = bodies;
        this.messages = messages;
        this.admission = admission;
        this.log = log;
    }

    @Override
    public Map<Operation, Handler> handlers() {
        return Map.of(Operation.PUBLISH_EVENTS, this::publish);
    }

    private Mono<ServerResponse> publish(Call call) {
        HttpHeaders headers = call.request().headers().asHttpHeaders();
        EventMessages.requireKnownMode(headers);
        return bodies.bytes(call.request())
                .map(body -> admission.admit(call.caller(), messages.read(headers, body)))
                .flatMap(this::append);
    }

    private Mono<ServerResponse> append(List<LifecycleLog.Draft> drafts) {
        Accepted accepted = new Accepted(drafts.stream().map(AcceptedEvent::of).toList());
        Mono<?> durable = drafts.isEmpty() ? Mono.empty() : Logged.append(log, drafts);
        return durable.then(ServerResponse.status(HttpStatus.ACCEPTED)
                .contentType(MediaType.APPLICATION_JSON)
                .bodyValue(accepted));
    }
}
