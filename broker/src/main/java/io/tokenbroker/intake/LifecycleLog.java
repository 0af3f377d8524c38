package io.tokenbroker.intake;

import io.cloudevents.CloudEvent;
import io.tokenbroker.directory.LogPosition;
import io.tokenbroker.directory.UserId;
import java.util.List;
import reactor.core.publisher.Mono;

/** The input log, for those who write to it on behalf of others. */
public interface LifecycleLog {

    /** An event that was read as valid, and the user who keys its record. */
    record Draft(UserId userId, CloudEvent event) {}

    /**
     * Appends all of them or none.
     *
     * @return where each lies, in the order given, once all are durable
     */
    Mono<List<LogPosition>> append(List<Draft> drafts);
}
