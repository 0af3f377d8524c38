package io.tokenbroker.lifecycle;

import io.tokenbroker.directory.AcsIdentityId;
import io.tokenbroker.directory.DirectoryEntry;
import io.tokenbroker.directory.EventRef;
import io.tokenbroker.directory.LogPosition;
import io.tokenbroker.directory.UserId;
import io.tokenbroker.directory.Verdict;
import io.tokenbroker.events.UserCreated;
import io.tokenbroker.events.UserSuspended;
import io.tokenbroker.intake.UserEvent;
import java.time.Instant;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.Warmup;

/**
 * One event folded into a user's entry, and ACS's answer to the step that follows: the rules beside the copy of an entry
 * with one field changed, which each of them has to make at least.
 */
@State(Scope.Thread)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
@Fork(1)
@Warmup(iterations = 3, time = 1)
@Measurement(iterations = 5, time = 1)
public class RulesBenchmark {

    private static final Instant NOW = Instant.parse("2026-11-20T00:00:00Z");
    private static final UserId USER = new UserId("alice");
    private static final LogPosition POSITION = new LogPosition("topic", 3, 42);
    private static final Step CREATE = new Step.CreateIdentity();
    private static final StepResult MADE = new StepResult.IdentityCreated(
            new AcsIdentityId("8:acs:11111111-2222-3333-4444-555555555555_66666666-7777-8888-9999-aaaaaaaaaaaa"), null);

    private final Rules rules =
            new Rules(new TokenDefaults(false, Set.of("chat", "voip"), 1440), new IdentityOwnership() {
                @Override
                public boolean isForeign(AcsIdentityId identityId) {
                    return false;
                }

                @Override
                public Optional<UserId> holderOf(AcsIdentityId identityId) {
                    return Optional.empty();
                }
            });
    private final DirectoryEntry unknown = DirectoryEntry.unknown(USER);
    private final UserEvent created = event("created", new UserCreated(USER.value(), null, null, null));
    private final UserEvent suspended = event("suspended", new UserSuspended(USER.value()));
    private final DirectoryEntry provisioning =
            rules.apply(unknown, created, POSITION, NOW).next();
    private final DirectoryEntry active =
            rules.completed(provisioning, CREATE, MADE, NOW).next();

    private static UserEvent event(String name, io.tokenbroker.events.LifecycleEvent event) {
        var ref = new EventRef(name, "/bench", event.type(), NOW, null, null);
        return new UserEvent(USER, event, ref, null, false);
    }

    @Benchmark
    public Decision created() {
        return rules.apply(unknown, created, POSITION, NOW);
    }

    @Benchmark
    public Decision suspended() {
        return rules.apply(active, suspended, POSITION, NOW);
    }

    @Benchmark
    public Decision identityMade() {
        return rules.completed(provisioning, CREATE, MADE, NOW);
    }

    @Benchmark
    public DirectoryEntry reference() {
        return new DirectoryEntry(
                active.userId(),
                active.standing(),
                active.identityId(),
                active.doomed(),
                active.scopes(),
                active.lifetimeMinutes(),
                active.firstToken(),
                active.tokenEpoch(),
                active.revokedEpoch(),
                active.revokeReason(),
                active.announced(),
                active.seen(),
                POSITION,
                Verdict.APPLIED,
                active.lastEvent(),
                active.parked(),
                NOW,
                null,
                null);
    }
}
