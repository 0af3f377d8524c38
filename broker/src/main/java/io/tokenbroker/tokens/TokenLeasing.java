package io.tokenbroker.tokens;

import io.tokenbroker.directory.AcsIdentityId;
import io.tokenbroker.directory.ConfirmedDirectory;
import io.tokenbroker.directory.ConfirmedDirectory.Unconfirmed;
import io.tokenbroker.directory.DirectoryEntry;
import io.tokenbroker.directory.RecentDirectory;
import io.tokenbroker.directory.UserId;
import io.tokenbroker.lifecycle.AcsFault;
import io.tokenbroker.outcomes.OutcomeLog;
import io.tokenbroker.tokens.TokenIssuing.Issue;
import io.tokenbroker.tokens.TokenResult.Issued;
import io.tokenbroker.tokens.TokenResult.NotPermitted;
import io.tokenbroker.tokens.TokenResult.NotReady;
import io.tokenbroker.tokens.TokenResult.Reason;
import io.tokenbroker.tokens.TokenResult.Refused;
import io.tokenbroker.tokens.TokenResult.Suspended;
import io.tokenbroker.tokens.TokenResult.TooMany;
import io.tokenbroker.tokens.TokenResult.UnknownUser;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;
import reactor.core.publisher.Mono;

/**
 * Hands out tokens. A leased token is handed out again while enough of its life is left, which takes neither ACS nor
 * Kafka; otherwise one new token is issued for everybody who asks for its like, and the old one still serves where that
 * fails. Each answer goes by the directory: what it does not allow is given to nobody.
 */
public final class TokenLeasing {

    /** No request waits longer than this. */
    static final Duration PATIENCE = Duration.ofSeconds(5);

    /** Nor longer than this where a token is at hand that only ought to have a longer life. */
    private static final Duration BRIEFLY = Duration.ofSeconds(1);

    private static final Duration LOOK_AGAIN = Duration.ofMillis(100);
    private static final Duration SOON = Duration.ofSeconds(1);
    private static final int RACES_ALLOWED = 1;
    private static final String REQUESTED = "requested";
    private static final String RENEWED = "renewed";

    private final ConfirmedDirectory directory;
    private final RecentDirectory recent;
    private final TokenIssuing issuing;
    private final FirstTokens firstTokens;
    private final LeaseBook book;
    private final TokenPolicy policy;
    private final IssueLimit limit;
    private final double enoughLeft;
    private final Clock clock;
    private final ConcurrentMap<Call, Mono<Issue>> calls = new ConcurrentHashMap<>();

    /** A call to ACS that is under way. */
    private record Call(LeaseKey key, AcsIdentityId identityId, long epoch) {}

    /**
     * @param limits how many leases there may be, how many new tokens a user may have, and what is enough life
     */
    public TokenLeasing(
            ConfirmedDirectory directory,
            RecentDirectory recent,
            AccessTokens acs,
            FirstTokens firstTokens,
            OutcomeLog outcomes,
            TokenPolicy policy,
            LeaseLimits limits,
            Clock clock) {
        this.directory = directory;
        this.recent = recent;
        this.issuing = new TokenIssuing(directory, acs, outcomes, clock);
        this.firstTokens = firstTokens;
        this.book = new LeaseBook(limits.most(), clock);
        this.policy = policy;
        this.limit = new IssueLimit(limits.newPerUserAndMinute(), clock);
        this.enoughLeft = limits.enoughLeft();
        this.clock = clock;
    }

    /**
     * A token with enough life left. Answers within five seconds, and never with an error for what {@link TokenResult}
     * has a name for.
     */
    public Mono<TokenResult> token(TokenRequest request) {
        return lease(request, lease -> lease.hasLeft(enoughLeft, clock.instant()));
    }

    /** A token that is not yet to be followed by the next; answers as {@link #token} does. */
    public Mono<TokenResult> current(TokenRequest request) {
        return lease(request, lease -> clock.instant().isBefore(lease.renewOn()));
    }

    /**
     * To be told of each entry that changes, once it is durable: the leases that it does not allow are void, and the token
     * that came with its identity is leased.
     */
    public void changed(DirectoryEntry entry) {
        book.changed(entry);
        firstTokens.claim(entry).ifPresent(this::keep);
    }

    /** How many leases there are. */
    public long leases() {
        return book.size();
    }

    private Mono<TokenResult> lease(TokenRequest request, Predicate<Lease> enough) {
        Optional<TokenResult> refusal = policy.refusal(request);
        if (refusal.isPresent()) {
            return Mono.just(refusal.get());
        }
        return Mono.defer(() -> held(request)
                .filter(enough)
                .<Mono<TokenResult>>map(lease -> Mono.just(lease.asResult()))
                .orElseGet(() -> anew(request, enough)));
    }

    private Mono<TokenResult> anew(TokenRequest request, Predicate<Lease> enough) {
        var asked = new Asked(request, enough);
        Optional<Lease> usable = held(request).filter(lease -> clock.instant().isBefore(lease.renewOn()));
        return asked.decide()
                .timeout(
                        usable.isPresent() ? BRIEFLY : PATIENCE,
                        Mono.fromSupplier(() -> new NotReady(Reason.BUSY, SOON)))
                .onErrorResume(Unconfirmed.class, e -> Mono.just(new NotReady(Reason.UNCONFIRMED, SOON)))
                .onErrorResume(AcsFault.class, fault -> Mono.just(TokenResult.of(fault)))
                .map(result -> switch (result) {
                    case NotReady none -> asked.atHand().orElse(result);
                    case TooMany none -> asked.atHand().orElse(result);
                    case Refused none -> asked.atHand().orElse(result);
                    case NotPermitted none -> result;
                    case Issued any -> result;
                    case UnknownUser none -> result;
                    case Suspended none -> result;
                });
    }

    /** What is leased for such a request, however little life it has left, and allowed by what was seen last. */
    private Optional<Lease> held(TokenRequest request) {
        return recent.recent(request.userId()).flatMap(entry -> leased(policy.key(request, entry), entry));
    }

    private Optional<Lease> leased(LeaseKey key, DirectoryEntry entry) {
        return book.find(key).filter(lease -> lease.isAllowedBy(entry));
    }

    private void keep(Issue issue) {
        if (issue instanceof Issue.Released(Lease lease)) {
            keep(lease);
        }
    }

    private void keep(Lease lease) {
        book.put(lease);
        // the entry may have changed since it was compared
        recent.recent(lease.key().userId()).ifPresent(book::changed);
    }

    /** One request on its way. */
    private final class Asked {

        private final TokenRequest request;
        private final UserId userId;
        private final Predicate<Lease> enough;
        private final Instant since = clock.instant();
        private volatile @Nullable Lease allowed;
        private int races;

        Asked(TokenRequest request, Predicate<Lease> enough) {
            this.request = request;
            this.userId = request.userId();
            this.enough = enough;
        }

        /** The old token, where no new one can be had: by what the view says, or else by what Kafka confirmed. */
        Optional<TokenResult> atHand() {
            Optional<Lease> lease = recent.recent(userId).isPresent()
                    ? held(request)
                    : Optional.ofNullable(allowed).filter(last -> last.isAlive(clock.instant()));
            return lease.map(Lease::asResult);
        }

        Mono<TokenResult> decide() {
            return directory.confirmed(userId).flatMap(this::decide);
        }

        private Mono<TokenResult> decide(Optional<DirectoryEntry> known) {
            TokenResult closed = closedDoor(known);
            if (closed != null) {
                return Mono.just(closed);
            }
            DirectoryEntry entry = known.orElseThrow();
            Optional<TokenResult> refusal = policy.refusal(request, entry);
            if (refusal.isPresent()) {
                return Mono.just(refusal.get());
            }
            AcsIdentityId identityId = entry.identityId();
            if (identityId == null) {
                return lookAgain(Reason.PROVISIONING);
            }
            if (entry.revoking()) {
                return lookAgain(Reason.REVOKING);
            }
            LeaseKey key = policy.key(request, entry);
            Optional<Lease> lease = leased(key, entry);
            allowed = lease.orElse(null);
            return lease.filter(enough)
                    .<Mono<TokenResult>>map(found -> Mono.just(found.asResult()))
                    .orElseGet(() -> issue(key, entry, identityId));
        }

        private Mono<TokenResult> issue(LeaseKey key, DirectoryEntry entry, AcsIdentityId identityId) {
            var call = new Call(key, identityId, entry.tokenEpoch());
            return calls.computeIfAbsent(call, none -> start(call, entry)).flatMap(issue -> switch (issue) {
                case Issue.Released(Lease lease) -> Mono.just(lease.asResult());
                case Issue.TooSoon(Duration retryAfter) -> Mono.just(new TooMany(retryAfter));
                case Issue.Overtaken(Optional<DirectoryEntry> now) -> overtaken(now);
            });
        }

        /** Made once however many wait for it, and not given up when they do. */
        private Mono<Issue> start(Call call, DirectoryEntry entry) {
            return Mono.defer(() -> {
                        Optional<Lease> before = leased(call.key(), entry);
                        Optional<Lease> enoughNow = before.filter(enough); // of a call that ended just now
                        return enoughNow.isPresent()
                                ? Mono.just(new Issue.Released(enoughNow.get()))
                                : counted(call, entry, before.isPresent() ? RENEWED : REQUESTED);
                    })
                    .doOnNext(TokenLeasing.this::keep)
                    .doFinally(end -> calls.remove(call))
                    .cache();
        }

        /** A call that brings no token does not count: what keeps a failing ACS from harm is the quota. */
        private Mono<Issue> counted(Call call, DirectoryEntry entry, String reason) {
            return limit.take(userId)
                    .<Mono<Issue>>map(wait -> Mono.just(new Issue.TooSoon(wait)))
                    .orElseGet(() -> issuing.issue(call.key(), entry, reason, request.requestedBy())
                            .doOnError(AcsFault.class, fault -> limit.giveBack(userId)));
        }

        /** The token was dropped: a revocation came between. A new one may be had, but not for ever. */
        private Mono<TokenResult> overtaken(Optional<DirectoryEntry> now) {
            TokenResult closed = closedDoor(now);
            if (closed != null) {
                return Mono.just(closed);
            }
            if (races++ >= RACES_ALLOWED) {
                return Mono.just(new NotReady(Reason.REVOKING, SOON));
            }
            return decide(now);
        }

        private static @Nullable TokenResult closedDoor(Optional<DirectoryEntry> known) {
            if (known.isEmpty()) {
                return new UnknownUser();
            }
            return switch (known.get().standing()) {
                case UNKNOWN, GONE -> new UnknownUser();
                case SUSPENDED -> new Suspended();
                case ACTIVE -> null;
            };
        }

        private Mono<TokenResult> lookAgain(Reason why) {
            Duration waited = Duration.between(since, clock.instant());
            if (waited.plus(LOOK_AGAIN).compareTo(PATIENCE) >= 0) {
                return Mono.just(new NotReady(why, SOON));
            }
            return Mono.delay(LOOK_AGAIN).then(Mono.defer(this::decide));
        }
    }
}
