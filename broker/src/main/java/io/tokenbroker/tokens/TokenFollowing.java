package io.tokenbroker.tokens;

import io.tokenbroker.directory.AcsIdentityId;
import io.tokenbroker.directory.DirectoryEntry;
import io.tokenbroker.directory.DirectoryView;
import io.tokenbroker.directory.Standing;
import io.tokenbroker.tokens.TokenResult.Issued;
import io.tokenbroker.tokens.TokenResult.NotReady;
import io.tokenbroker.tokens.TokenResult.TooMany;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;
import reactor.core.scheduler.Scheduler;

/**
 * Keeps somebody in possession of a user's token: tells the current one, the next before it is needed, and at once that
 * the user may have none, whichever instance that was decided on.
 */
public final class TokenFollowing {

    private final DirectoryView view;
    private final TokenLeasing leasing;
    private final Clock clock;
    private final Scheduler scheduler;

    /** @param scheduler where signals are made, and whose time waits go by */
    public TokenFollowing(DirectoryView view, TokenLeasing leasing, Clock clock, Scheduler scheduler) {
        this.view = view;
        this.leasing = leasing;
        this.clock = clock;
        this.scheduler = scheduler;
    }

    /**
     * Never completes before {@link TokenSignal.Deleted}. A token that is void when it would be told is not told.
     *
     * @return the signals, or a {@link TokensRefused} where ACS refuses such tokens for good
     */
    public Flux<TokenSignal> follow(TokenRequest request) {
        return Flux.defer(() -> new Holder(request).signals());
    }

    /**
     * What an entry means for whoever holds a token.
     *
     * @param ready whether tokens can be issued now
     */
    private record Phase(
            Standing standing, @Nullable AcsIdentityId identityId, long epoch, boolean ready, String reason) {

        static Phase of(DirectoryEntry entry) {
            boolean active = entry.standing() == Standing.ACTIVE;
            String reason = entry.revokeReason();
            return new Phase(
                    entry.standing(),
                    active ? entry.identityId() : null,
                    entry.tokenEpoch(),
                    active && entry.identityId() != null && !entry.revoking(),
                    reason == null ? "" : reason);
        }
    }

    /** Whoever is told, and what they have. Its signals come one after the other, on changing threads. */
    private final class Holder {

        private final TokenRequest request;
        private volatile @Nullable Phase phase;
        private volatile @Nullable Issued held;
        private volatile boolean saidDelayed;
        private volatile Pause pause = Pause.NONE;

        Holder(TokenRequest request) {
            this.request = request;
        }

        Flux<TokenSignal> signals() {
            return view.follow(request.userId())
                    .publishOn(scheduler, 1)
                    .map(Phase::of)
                    .distinctUntilChanged()
                    .switchMap(this::in)
                    .takeUntil(signal -> signal instanceof TokenSignal.Deleted);
        }

        private Flux<TokenSignal> in(Phase now) {
            Phase before = phase;
            phase = now;
            boolean revoked = before != null && before.epoch() < now.epoch();
            boolean wasActive = before != null && before.standing() == Standing.ACTIVE;
            pause = Pause.NONE;
            if (revoked) {
                held = null;
            }
            return switch (now.standing()) {
                case UNKNOWN, GONE -> Flux.just(new TokenSignal.Deleted());
                case SUSPENDED -> Flux.just(new TokenSignal.Suspended(now.reason()));
                case ACTIVE -> {
                    Flux<TokenSignal> next = now.ready() ? tokens() : Flux.never();
                    yield revoked && wasActive ? next.startWith(new TokenSignal.Revoked(now.reason())) : next;
                }
            };
        }

        private Flux<TokenSignal> tokens() {
            return Mono.defer(() -> leasing.current(request))
                    .flatMapIterable(this::told)
                    .repeatWhen(rounds -> rounds.concatMap(round -> Mono.delay(pause.length(), scheduler)));
        }

        private List<TokenSignal> told(TokenResult result) {
            return switch (result) {
                case Issued issued -> told(issued);
                case NotReady later -> late(later.retryAfter());
                case TooMany later -> late(later.retryAfter());
                // the entry says so too, or will in a moment
                case TokenResult.UnknownUser gone -> late(Duration.ZERO);
                case TokenResult.Suspended suspended -> late(Duration.ZERO);
                case TokenResult.Refused refused -> throw new TokensRefused(refused.errors());
            };
        }

        private List<TokenSignal> told(Issued issued) {
            List<TokenSignal> signals = new ArrayList<>();
            if (!issued.equals(held)) {
                held = issued;
                saidDelayed = false;
                signals.add(new TokenSignal.Token(issued));
            }
            Duration left = Duration.between(clock.instant(), issued.renewOn());
            if (left.isPositive()) {
                pause = Pause.of(left);
            } else { // the next one could not be had
                signals.addAll(late(Duration.ZERO));
            }
            return signals;
        }

        /** Tries again later, and says once that the next token will not be there in time. */
        private List<TokenSignal> late(Duration atLeast) {
            pause = pause.longer(atLeast);
            Issued last = held;
            Instant now = clock.instant();
            boolean inTime =
                    last != null && now.plus(pause.length().multipliedBy(2)).isBefore(last.expiresOn());
            if (inTime || saidDelayed) {
                return List.of();
            }
            saidDelayed = true;
            return List.of(new TokenSignal.Delayed(last == null ? null : last.expiresOn()));
        }
    }
}
