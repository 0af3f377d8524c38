package io.tokenbroker.http;

import io.cloudevents.CloudEvent;
import io.cloudevents.core.builder.CloudEventBuilder;
import io.tokenbroker.directory.LogPosition;
import io.tokenbroker.events.SessionsRevoked;
import io.tokenbroker.events.UserCreated;
import io.tokenbroker.events.UserDeleted;
import io.tokenbroker.events.UserResumed;
import io.tokenbroker.events.UserSuspended;
import io.tokenbroker.intake.Intake;
import io.tokenbroker.intake.LifecycleLog;
import java.net.URI;
import java.time.Clock;
import java.time.ZoneOffset;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Pattern;
import org.springframework.http.HttpStatus;
import org.springframework.http.MediaType;
import org.springframework.stereotype.Component;
import org.springframework.util.AlternativeJdkIdGenerator;
import org.springframework.util.IdGenerator;
import org.springframework.web.reactive.function.server.ServerResponse;
import reactor.core.publisher.Mono;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.JsonNodeFactory;
import tools.jackson.databind.node.ObjectNode;

/** What callers ask for a user to become, written as the events that upstream would have sent. */
@Component
final class UserCommandsResource implements Resource {

    private static final URI SOURCE = URI.create(Intake.HTTP_SOURCE);
    private static final Pattern TRACEPARENT = Pattern.compile("[0-9a-f]{2}-[0-9a-f]{32}-[0-9a-f]{16}-[0-9a-f]{2}");

    private final IdGenerator ids = new AlternativeJdkIdGenerator(); // unique without blocking on the system's entropy
    private final JsonMapper json = JsonMapper.shared();
    private final Bodies bodies;
    private final EventAdmission admission;
    private final LifecycleLog log;
    private final Settlement settlement;
    private final Clock clock;

    UserCommandsResource(
            Bodies bodies, EventAdmission admission, LifecycleLog log, Settlement settlement, Clock clock) {
        this.bodies = bodies;
        this.admission = admission;
        this.log = log;
        this.settlement = settlement;
        this.clock = clock;
    }

    @Override
    public Map<Operation, Handler> handlers() {
        return Map.of(
                Operation.CREATE_USER,
                call -> bodies.object(call.request()).flatMap(data -> write(call, UserCreated.TYPE, data)),
                Operation.DELETE_USER,
                call -> write(call, UserDeleted.TYPE),
                Operation.SUSPEND_USER,
                call -> write(call, UserSuspended.TYPE),
                Operation.RESUME_USER,
                call -> write(call, UserResumed.TYPE),
                Operation.REVOKE_TOKENS,
                call -> write(call, SessionsRevoked.TYPE));
    }

    private Mono<ServerResponse> write(Call call, String type) {
        return write(call, type, JsonNodeFactory.instance.objectNode());
    }

    private Mono<ServerResponse> write(Call call, String type, ObjectNode data) {
        LifecycleLog.Draft draft = admission.admitOwn(call.caller(), event(call, type, data));
        Optional<Preference> preference = Preference.of(call.request());
        return Logged.append(log, List.of(draft))
                .map(List::getFirst)
                .flatMap(position -> answer(call, draft, position, preference));
    }

    private CloudEvent event(Call call, String type, ObjectNode data) {
        String userId = call.user().value();
        data.put("userId", userId);
        CloudEventBuilder event = CloudEventBuilder.v1()
                .withId(ids.generateId().toString())
                .withSource(SOURCE)
                .withType(type)
                .withSubject(userId)
                .withTime(clock.instant().atOffset(ZoneOffset.UTC))
                .withData(MediaType.APPLICATION_JSON_VALUE, json.writeValueAsBytes(data));
        String traceparent = call.request().headers().firstHeader("traceparent");
        if (traceparent != null && TRACEPARENT.matcher(traceparent).matches()) {
            event.withExtension("traceparent", traceparent);
        }
        return event.build();
    }

    private Mono<ServerResponse> answer(
            Call call, LifecycleLog.Draft draft, LogPosition position, Optional<Preference> preference) {
        ServerResponse.BodyBuilder taken =
                ServerResponse.status(HttpStatus.ACCEPTED).contentType(MediaType.APPLICATION_JSON);
        Mono<ServerResponse> accepted = Mono.defer(() -> taken.bodyValue(EventsResource.AcceptedEvent.of(draft)));
        if (preference.isEmpty()) {
            return accepted;
        }
        Preference applied = preference.get();
        taken.header(Preference.APPLIED, applied.text());
        return settlement
                .of(call.user(), draft.event().getId(), position)
                .timeout(applied.patience(), Mono.empty())
                .map(entry -> ServerResponse.ok()
                        .contentType(MediaType.APPLICATION_JSON)
                        .header(Preference.APPLIED, applied.text())
                        .bodyValue(entry))
                .onErrorMap(Problem.class, problem -> problem.with(Preference.APPLIED, applied.text()))
                .flatMap(answer -> answer)
                .switchIfEmpty(accepted);
    }
}
