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
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;
import reactor.core.scheduler.Scheduler;

/**
 * Keeps somebody in possession of a user's token: tells the current one, the next before it is needed, and at once that
 * the user may have none, whichever instance that was decided on.
 */
public final class TokenFollowing {

    /** Who waits for longer than this is told so. */
    private static final Duration NO_LONGER_SOON = Duration.ofSeconds(5);

    /** What ACS refuses now it may take later: its identity or its resource may change. */
    private static final Duration AFTER_REFUSAL = Duration.ofSeconds(30);

    private final DirectoryView view;
    private final TokenLeasing leasing;
    private final Clock clock;
    private final Scheduler scheduler;
    private final Consumer<Duration> toldVoid;

    /**
     * @param scheduler where signals are made, and whose time waits go by
     * @param toldVoid how long after the decision each holder was told that its token is void
     */
    public TokenFollowing(
            DirectoryView view, TokenLeasing leasing, Clock clock, Scheduler scheduler, Consumer<Duration> toldVoid) {
        this.view = view;
        this.leasing = leasing;
        this.clock = clock;
        this.scheduler = scheduler;
        this.toldVoid = toldVoid;
    }

    /**
     * Never fails, and never completes before {@link TokenSignal.Deleted}. A token that is void when it would be told is
     * not told.
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

        boolean revoking() {
            return identityId != null && !ready;
        }
    }

    /** Whoever is told. */
    private final class Holder {

        private final TokenRequest request;
        private @Nullable Phase phase;
        private @Nullable Stay stay;
        private Instant decidedOn = Instant.MAX;

        Holder(TokenRequest request) {
            this.request = request;
        }

        Flux<TokenSignal> signals() {
            return view.follow(request.userId())
                    .publishOn(scheduler, 1)
                    .doOnNext(entry -> decidedOn = entry.updatedOn())
                    .map(Phase::of)
                    .distinctUntilChanged()
                    .switchMap(this::in)
                    .takeUntil(signal -> signal instanceof TokenSignal.Deleted);
        }

        private Flux<TokenSignal> in(Phase now) {
            Phase before = phase;
            boolean moved = before != null && before.epoch() < now.epoch();
            boolean wasActive = before != null && before.standing() == Standing.ACTIVE;
            Issued held = stay == null ? null : stay.held;
            if (held != null && (moved || now.standing() != Standing.ACTIVE)) {
                held = null;
                toldVoid.accept(Duration.between(decidedOn, clock.instant()));
            }
            var next = new Stay(request, held);
            phase = now;
            stay = next;
            return switch (now.standing()) {
                case UNKNOWN, GONE -> Flux.just(new TokenSignal.Deleted());
                case SUSPENDED -> Flux.just(new TokenSignal.Suspended(now.reason()));
                case ACTIVE -> {
                    Flux<TokenSignal> signals = now.ready() ? next.tokens() : next.waiting();
                    // whoever comes in the middle of a revocation may have a token from before it
                    boolean revoked = moved ? wasActive : before == null && now.revoking();
                    yield revoked ? signals.startWith(new TokenSignal.Revoked(now.reason())) : signals;
                }
            };
        }
    }

    /** What is told in one phase, and what is held in it; signals of a phase that is over reach nobody. */
    private final class Stay {

        private final TokenRequest request;
        private volatile @Nullable Issued held;
        private volatile boolean saidDelayed;
        private volatile Pause pause = Pause.NONE;

        Stay(TokenRequest request, @Nullable Issued held) {
            this.request = request;
            this.held = held;
        }

        /** While none can be issued. */
        Flux<TokenSignal> waiting() {
            return Mono.delay(NO_LONGER_SOON, scheduler)
                    .flatMapIterable(late -> late(Duration.ZERO))
                    .concatWith(Flux.never());
        }

        Flux<TokenSignal> tokens() {
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
                case TokenResult.Refused refused -> late(AFTER_REFUSAL);
                case TokenResult.NotPermitted notPermitted -> late(AFTER_REFUSAL);
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
            Instant next = clock.instant().plus(pause.length().multipliedBy(2));
            boolean inTime = last != null && next.isBefore(last.expiresOn());
            if (inTime || saidDelayed) {
                return List.of();
            }
            saidDelayed = true;
            return List.of(new TokenSignal.Delayed(last == null ? null : last.expiresOn()));
        }
    }
}
