package io.tokenbroker.http;

import io.cloudevents.CloudEvent;
import io.cloudevents.core.builder.CloudEventBuilder;
import io.tokenbroker.events.LifecycleEvent;
import io.tokenbroker.events.SessionsRevoked;
import io.tokenbroker.events.UserCreated;
import io.tokenbroker.events.UserDeleted;
import io.tokenbroker.events.UserResumed;
import io.tokenbroker.events.UserSuspended;
import io.tokenbroker.intake.EventOrigin;
import io.tokenbroker.intake.FieldError;
import io.tokenbroker.intake.Intake;
import io.tokenbroker.intake.LifecycleLog;
import io.tokenbroker.intake.Reading;
import java.time.Clock;
import java.util.ArrayList;
import java.util.List;
import org.springframework.stereotype.Component;

/**
 * Decides whether what a caller sent may go into the input log, and marks it as that caller's: who asked is taken from
 * the JWT alone, whatever the event says of itself.
 */
@Component
final class EventAdmission {

    /** Sources the broker writes under itself; from anybody else they would pass for its own. */
    private static final String RESERVED = "urn:tokenbroker";

    private static final List<String> TYPES =
            List.of(UserCreated.TYPE, UserSuspended.TYPE, UserResumed.TYPE, SessionsRevoked.TYPE, UserDeleted.TYPE);

    private final Intake intake;
    private final SecuritySettings settings;
    private final Clock clock;

    EventAdmission(Intake intake, SecuritySettings settings, Clock clock) {
        this.intake = intake;
        this.settings = settings;
        this.clock = clock;
    }

    /**
     * Events that came as events.
     *
     * @throws Problem naming everything wrong with any of them, or what the caller lacks
     */
    List<LifecycleLog.Draft> admit(Caller caller, List<Incoming> incoming) {
        List<FieldError> invalid = new ArrayList<>();
        List<FieldError> forbidden = new ArrayList<>();
        List<LifecycleLog.Draft> drafts = new ArrayList<>(incoming.size());
        for (Incoming one : incoming) {
            checkSource(caller, one, invalid, forbidden);
            switch (read(one.event())) {
                case Reading.Valid valid -> {
                    checkAdoption(caller, one, valid.event().event(), forbidden);
                    drafts.add(new LifecycleLog.Draft(valid.event().userId(), marked(one.event(), caller)));
                }
                case Reading.Foreign foreign -> invalid.add(one.located(foreign(foreign.type())));
                case Reading.Invalid wrong -> wrong.errors().forEach(error -> invalid.add(one.located(error)));
            }
        }
        if (!invalid.isEmpty()) {
            throw Problem.of(ProblemType.INVALID_EVENT, "errors names what is wrong and what is allowed", invalid);
        }
        return ifPermitted(drafts, forbidden);
    }

    /**
     * An event the broker wrote for the caller.
     *
     * @throws Problem as above; fields are told from the root of {@code data}, which was the request's body
     */
    LifecycleLog.Draft admitOwn(Caller caller, CloudEvent written) {
        return switch (read(written)) {
            case Reading.Valid valid -> {
                List<FieldError> forbidden = new ArrayList<>();
                checkAdoption(caller, new Incoming("", written), valid.event().event(), forbidden);
                LifecycleLog.Draft draft = new LifecycleLog.Draft(valid.event().userId(), marked(written, caller));
                yield ifPermitted(List.of(draft), withoutData(forbidden)).getFirst();
            }
            case Reading.Invalid wrong ->
                throw Problem.of(
                        ProblemType.INVALID_REQUEST,
                        "errors names what is wrong and what is allowed",
                        withoutData(wrong.errors()));
            case Reading.Foreign foreign -> throw new IllegalStateException("a type of our own: " + foreign.type());
        };
    }

    private Reading read(CloudEvent event) {
        return intake.read(event, EventOrigin.from(clock.instant()));
    }

    private void checkSource(Caller caller, Incoming one, List<FieldError> invalid, List<FieldError> forbidden) {
        String source = one.event().getSource().toString();
        if (source.equals(RESERVED) || source.startsWith(RESERVED + ":")) {
            invalid.add(
                    one.located(new FieldError("source", source, "a source of your own; urn:tokenbroker is reserved")));
            return;
        }
        settings.sourcesOf(caller)
                .filter(allowed -> !allowed.contains(source))
                .ifPresent(
                        allowed -> forbidden.add(one.located(new FieldError("source", source, "one of " + allowed))));
    }

    private static void checkAdoption(Caller caller, Incoming one, LifecycleEvent event, List<FieldError> forbidden) {
        if (event instanceof UserCreated created
                && created.identityId() != null
                && !Operation.ADOPT_IDENTITY.privileged(caller)) {
            String allowed = "only with the role " + String.join(" or ", Operation.ADOPT_IDENTITY.roleNames());
            forbidden.add(one.located(new FieldError("/data/identityId", created.identityId(), allowed)));
        }
    }

    private static List<LifecycleLog.Draft> ifPermitted(List<LifecycleLog.Draft> drafts, List<FieldError> forbidden) {
        if (forbidden.isEmpty()) {
            return drafts;
        }
        throw Problem.of(ProblemType.FORBIDDEN, "errors names what this caller may not send", forbidden);
    }

    private static FieldError foreign(String type) {
        return new FieldError(
                "type", type, "one of " + TYPES + ", or an alias of one in tokenbroker.lifecycle.aliases");
    }

    /** The CloudEvents auth context, from the JWT; claims that a caller makes of itself go. */
    private static CloudEvent marked(CloudEvent event, Caller caller) {
        return CloudEventBuilder.from(event)
                .withExtension("authtype", caller.authType())
                .withExtension("authid", caller.userId().value())
                .withoutExtension("authclaims")
                .build();
    }

    private static List<FieldError> withoutData(List<FieldError> errors) {
        return errors.stream()
                .map(error -> error.field().startsWith("/data/")
                        ? new FieldError(error.field().substring("/data".length()), error.value(), error.allowed())
                        : error)
                .toList();
    }
}
