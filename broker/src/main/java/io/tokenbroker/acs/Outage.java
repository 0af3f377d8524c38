package io.tokenbroker.acs;

import io.tokenbroker.lifecycle.AcsFault;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import java.util.function.DoubleSupplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Whether one resource can be used at all. Wrong credentials close it at once, five calls in a row without an answer do too; then
 * single calls try at growing intervals until one is answered. Only {@link #report()} is for all threads.
 */
final class Outage {

    static final int UNANSWERED_IN_A_ROW = 5;

    private static final Logger log = LoggerFactory.getLogger(Outage.class);
    private static final Duration FIRST_PROBE = Duration.ofMillis(250);
    private static final Duration SLOWEST_PROBE = Duration.ofSeconds(5);

    /** Which resource is away, why, and since when. */
    record Report(ResourceName resource, AcsFault.Kind kind, String code, String message, Instant since) {}

    private final ResourceName resource;
    private final Clock clock;
    private final DoubleSupplier random;
    private volatile @Nullable Report report;
    private int unansweredInARow;
    private int probesFailed;
    private long probeAt;

    Outage(ResourceName resource, Clock clock, DoubleSupplier random) {
        this.resource = resource;
        this.clock = clock;
        this.random = random;
    }

    Optional<Report> report() {
        return Optional.ofNullable(report);
    }

    boolean isOn() {
        return report != null;
    }

    /** When the next call may try, during an outage. */
    long probeAt() {
        return probeAt;
    }

    /** ACS did what was asked, or refused it for the request's own sake: credentials and connection are good. */
    void accepted(boolean probe) {
        unansweredInARow = 0;
        if (report != null && (probe || report.kind() == AcsFault.Kind.RETRIABLE)) {
            end();
        }
    }

    /** ACS answered, but with nothing that tells whether the credentials are good. */
    void answered(long now, boolean probe) {
        unansweredInARow = 0;
        if (report != null && report.kind() == AcsFault.Kind.RETRIABLE) {
            end();
        } else if (probe) {
            probeFailed(now);
        }
    }

    void unanswered(long now, Failure failure, boolean probe) {
        unansweredInARow++;
        if (report == null && unansweredInARow >= UNANSWERED_IN_A_ROW) {
            begin(now, AcsFault.Kind.RETRIABLE, failure);
        } else if (probe) {
            probeFailed(now);
        }
    }

    void misconfigured(long now, Failure failure, boolean probe) {
        unansweredInARow = 0;
        if (report == null || report.kind() != AcsFault.Kind.MISCONFIGURED) {
            begin(now, AcsFault.Kind.MISCONFIGURED, failure);
        } else if (probe) {
            probeFailed(now);
        }
    }

    /** The call that was to try never reached ACS. */
    void probeMissed(long now) {
        probeAt = now + FIRST_PROBE.toNanos();
    }

    /** What somebody is told who cannot wait for the end of it. */
    AcsFault fault(long now) {
        Report why = report;
        Duration wait = Duration.ofNanos(Math.max(0, probeAt - now)).plusSeconds(1);
        return why == null
                ? new AcsFault(AcsFault.Kind.RETRIABLE, "Outage", "ACS was away", wait, null)
                : new AcsFault(why.kind(), why.code(), why.message(), wait, null);
    }

    private void begin(long now, AcsFault.Kind kind, Failure failure) {
        String message = String.valueOf(failure.getMessage());
        Report before = report;
        Instant since = before == null ? clock.instant() : before.since();
        report = new Report(resource, kind, failure.code(), message, since);
        probesFailed = 0;
        probeAt = now + jittered(FIRST_PROBE);
        log.atError()
                .addKeyValue("resource", resource.host())
                .addKeyValue("kind", kind)
                .addKeyValue("code", failure.code())
                .log("{} cannot be used, work waits: {}", said(), message);
    }

    private void probeFailed(long now) {
        if (report == null) {
            return;
        }
        probesFailed = Math.min(probesFailed + 1, 10);
        Duration wait = FIRST_PROBE.multipliedBy(1L << probesFailed);
        probeAt = now + jittered(wait.compareTo(SLOWEST_PROBE) > 0 ? SLOWEST_PROBE : wait);
    }

    private void end() {
        log.atInfo().addKeyValue("resource", resource.host()).log("{} can be used again", said());
        report = null;
        probesFailed = 0;
    }

    private String said() {
        return resource.current() ? "ACS" : "a retiring ACS resource";
    }

    private long jittered(Duration wait) {
        return (long) (wait.toNanos() * (0.8 + 0.2 * random.getAsDouble()));
    }
}
