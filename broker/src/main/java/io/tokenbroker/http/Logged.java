package io.tokenbroker.http;

import io.tokenbroker.directory.LogPosition;
import io.tokenbroker.intake.LifecycleLog;
import java.time.Duration;
import java.util.List;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import reactor.core.publisher.Mono;

/** Appending to the input log on a caller's behalf. */
final class Logged {

    private static final Logger LOG = LoggerFactory.getLogger(Logged.class);

    private Logged() {}

    /** A log that cannot be written is no fault of the caller's, who may send the same again. */
    static Mono<List<LogPosition>> append(LifecycleLog log, List<LifecycleLog.Draft> drafts) {
        return log.append(drafts).onErrorMap(fault -> {
            LOG.atWarn().addKeyValue("fault", LogSafe.escaped(fault.toString())).log("events could not be written");
            return Problem.later(
                    ProblemType.NOT_READY, "the input log cannot be written at the moment", Duration.ofSeconds(2));
        });
    }
}
