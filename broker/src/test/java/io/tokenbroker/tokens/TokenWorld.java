package io.tokenbroker.tokens;

import io.tokenbroker.directory.AcsIdentityId;
import io.tokenbroker.directory.DirectoryEntry;
import io.tokenbroker.directory.DirectoryView;
import io.tokenbroker.directory.Standing;
import io.tokenbroker.directory.UserId;
import io.tokenbroker.directory.Verdict;
import io.tokenbroker.lifecycle.AcsFault;
import io.tokenbroker.outcomes.Outcome;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import reactor.core.publisher.Mono;
import reactor.test.scheduler.VirtualTimeScheduler;

/** Tokens over a view, an ACS and a time of the test's own. */
final class TokenWorld extends Clock {

    static final UserId ALICE = new UserId("alice");

    final VirtualTimeScheduler time;
    final DirectoryView view = new DirectoryView();
    final List<Outcome> announced = new ArrayList<>();
    final List<Duration> toldVoid = new ArrayList<>();
    final FirstTokens firstTokens = new FirstTokens(100, this);
    final TokenLeasing leasing;
    final TokenFollowing following;

    /** How long a token of ACS lives; {@code null} for as long as was asked for. */
    @Nullable Duration lifetime;

    Duration callTakes = Duration.ofMillis(50);

    @Nullable AcsFault fault;

    boolean fresh = true;
    int calls;

    /** How often Kafka was asked how far the directory reaches. */
    int confirmations;

    private long offset;

    /** @param time what Reactor's schedulers were replaced with */
    TokenWorld(VirtualTimeScheduler time) {
        this(time, TokenPermission.ALL);
    }

    /** @param self the most users may ask for themselves */
    TokenWorld(VirtualTimeScheduler time, TokenPermission self) {
        this.time = time;
        AccessTokens acs =
                (identityId, scopes, minutes) -> Mono.delay(callTakes, time).flatMap(late -> {
                    calls++;
                    Duration life = lifetime == null ? Duration.ofMinutes(minutes) : lifetime;
                    return fault == null
                            ? Mono.just(
                                    new AccessToken("token-" + calls, instant().plus(life)))
                            : Mono.error(fault);
                });
        leasing = new TokenLeasing(
                userId -> Mono.fromSupplier(() -> {
                    confirmations++;
                    return view.find(userId);
                }),
                userId -> fresh ? view.find(userId) : java.util.Optional.empty(),
                acs,
                firstTokens,
                outcome -> Mono.fromRunnable(() -> announced.add(outcome)),
                new TokenPolicy(Set.of("chat", "voip"), 1440, self, TokenPermission.ALL),
                new LeaseLimits(100, 10, 0.5),
                this);
        view.listen(leasing::changed);
        following = new TokenFollowing(view, leasing, this, time, toldVoid::add);
    }

    static TokenRequest request() {
        return new TokenRequest(ALICE, null, null, "caller", TokenGrant.SELF);
    }

    static TokenRequest request(Set<String> scopes) {
        return new TokenRequest(ALICE, scopes, null, "caller", TokenGrant.SELF);
    }

    void active(long epoch) {
        user(Standing.ACTIVE, epoch, epoch);
    }

    void user(Standing standing, long epoch, long revokedEpoch) {
        view.apply(
                ALICE,
                ++offset,
                new DirectoryEntry(
                        ALICE,
                        standing,
                        standing == Standing.GONE ? null : identity(1),
                        List.of(),
                        Set.of(),
                        null,
                        false,
                        epoch,
                        revokedEpoch,
                        epoch == 0 ? null : "sessions-revoked",
                        standing,
                        List.of(),
                        null,
                        Verdict.APPLIED,
                        null,
                        null,
                        instant(),
                        null,
                        null));
    }

    static AcsIdentityId identity(int number) {
        return new AcsIdentityId(
                "8:acs:1b5cc06b-f352-4571-b1e6-d9b259b7c776_00000000-0000-0000-0000-%012d".formatted(number));
    }

    void pass(Duration duration) {
        time.advanceTimeBy(duration);
    }

    @Override
    public ZoneId getZone() {
        return ZoneOffset.UTC;
    }

    @Override
    public Clock withZone(ZoneId zone) {
        return this;
    }

    @Override
    public Instant instant() {
        return Instant.ofEpochMilli(time.now(TimeUnit.MILLISECONDS));
    }
}
