package io.tokenbroker.http;

import io.tokenbroker.directory.LogPosition;
import io.tokenbroker.intake.EventTooLarge;
import io.tokenbroker.intake.LifecycleLog;
import java.time.Duration;
import java.util.List;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import reactor.core.publisher.Mono;

/** Kafka, asked on a caller's behalf. */
final class Logged {

    private static final Logger LOG = LoggerFactory.getLogger(Logged.class);

    private Logged() {}

    /** A log that cannot be written is no fault of the caller's, who may send the same again. */
    static Mono<List<LogPosition>> append(LifecycleLog log, List<LifecycleLog.Draft> drafts) {
        return log.append(drafts)
                .onErrorMap(
                        EventTooLarge.class,
                        fault -> Problem.of(
                                ProblemType.BODY_TOO_LARGE,
                                "an event with its attributes is larger than a record may be"))
                .onErrorMap(fault -> unavailable("the input log cannot be written at the moment", fault));
    }

    /** Kafka's faults, of which the log is told more than the caller. */
    static Throwable unavailable(String what, Throwable fault) {
        if (fault instanceof Problem) {
            return fault;
        }
        LOG.atWarn().addKeyValue("fault", LogSafe.escaped(fault.toString())).log(what);
        return Problem.later(ProblemType.NOT_READY, what, Duration.ofSeconds(2));
    }
}
