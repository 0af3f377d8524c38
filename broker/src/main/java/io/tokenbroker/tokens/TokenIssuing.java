package io.tokenbroker.tokens;

import io.tokenbroker.directory.AcsIdentityId;
import io.tokenbroker.directory.ConfirmedDirectory;
import io.tokenbroker.directory.ConfirmedDirectory.Unconfirmed;
import io.tokenbroker.directory.DirectoryEntry;
import io.tokenbroker.directory.UserId;
import io.tokenbroker.events.TokenIssued;
import io.tokenbroker.intake.FieldError;
import io.tokenbroker.lifecycle.AcsFault;
import io.tokenbroker.outcomes.Outcome;
import io.tokenbroker.outcomes.OutcomeIds;
import io.tokenbroker.outcomes.OutcomeLog;
import io.tokenbroker.tokens.TokenResult.Issued;
import io.tokenbroker.tokens.TokenResult.NotReady;
import io.tokenbroker.tokens.TokenResult.Reason;
import io.tokenbroker.tokens.TokenResult.Refused;
import io.tokenbroker.tokens.TokenResult.Suspended;
import io.tokenbroker.tokens.TokenResult.TooMany;
import io.tokenbroker.tokens.TokenResult.UnknownUser;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import reactor.core.publisher.Mono;

/**
 * Issues tokens to users. A token is released only when, after ACS issued it and its event became durable, the
 * directory still has the user active under the same identity and token epoch: no token issued in a race with a
 * revocation gets out.
 */
public final class TokenIssuing {

    /** No request waits longer than this. */
    static final Duration PATIENCE = Duration.ofSeconds(5);

    private static final Duration LOOK_AGAIN = Duration.ofMillis(100);
    private static final Duration SOON = Duration.ofSeconds(1);
    private static final int RACES_ALLOWED = 1;

    private final ConfirmedDirectory directory;
    private final AccessTokens acs;
    private final OutcomeLog outcomes;
    private final TokenPolicy policy;
    private final IssueLimit limit;
    private final OutcomeIds ids = new OutcomeIds();
    private final Clock clock;

    /** @param perUserPerMinute how many new tokens one user may have within a minute, at least 1 */
    public TokenIssuing(
            ConfirmedDirectory directory,
            AccessTokens acs,
            OutcomeLog outcomes,
            TokenPolicy policy,
            int perUserPerMinute,
            Clock clock) {
        this.directory = directory;
        this.acs = acs;
        this.outcomes = outcomes;
        this.policy = policy;
        this.limit = new IssueLimit(perUserPerMinute, clock);
        this.clock = clock;
    }

    /** Answers within five seconds, and never with an error for what {@link TokenResult} has a name for. */
    public Mono<TokenResult> issue(TokenRequest request) {
        List<FieldError> problems = TokenPolicy.problems(request.scopes(), request.expiresInMinutes());
        if (!problems.isEmpty()) {
            return Mono.just(new Refused(problems));
        }
        return Mono.defer(() -> new Asked(request).decide())
                .timeout(PATIENCE, Mono.fromSupplier(() -> new NotReady(Reason.BUSY, SOON)))
                .onErrorResume(Unconfirmed.class, e -> Mono.just(new NotReady(Reason.UNCONFIRMED, SOON)))
                .onErrorResume(AcsFault.class, fault -> Mono.just(answerTo(fault)));
    }

    private static TokenResult answerTo(AcsFault fault) {
        Duration retryAfter = fault.retryAfter().orElse(SOON);
        return switch (fault.kind()) {
            case REFUSED -> new Refused(List.of(new FieldError("acs", fault.code(), "a request that ACS accepts")));
            case MISCONFIGURED -> new NotReady(Reason.OUTAGE, retryAfter);
            case RETRIABLE, THROTTLED -> new NotReady(Reason.BUSY, retryAfter);
        };
    }

    /** One request on its way. */
    private final class Asked {

        private final TokenRequest request;
        private final UserId userId;
        private final Instant since = clock.instant();
        private boolean counted;
        private int races;

        Asked(TokenRequest request) {
            this.request = request;
            this.userId = request.userId();
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
            AcsIdentityId identityId = entry.identityId();
            if (identityId == null) {
                return lookAgain(Reason.PROVISIONING);
            }
            if (entry.revoking()) {
                return lookAgain(Reason.REVOKING);
            }
            if (!counted) {
                Optional<Duration> wait = limit.take(userId);
                if (wait.isPresent()) {
                    return Mono.just(new TooMany(wait.get()));
                }
                counted = true;
            }
            return issue(entry, identityId);
        }

        private @Nullable TokenResult closedDoor(Optional<DirectoryEntry> known) {
            if (known.isEmpty()) {
                return new UnknownUser();
            }
            return switch (known.get().standing()) {
                case UNKNOWN, GONE -> new UnknownUser();
                case SUSPENDED -> new Suspended();
                case ACTIVE -> null;
            };
        }

        private Mono<TokenResult> lookAgain(Reason reason) {
            Duration waited = Duration.between(since, clock.instant());
            if (waited.plus(LOOK_AGAIN).compareTo(PATIENCE) >= 0) {
                return Mono.just(new NotReady(reason, SOON));
            }
            return Mono.delay(LOOK_AGAIN).then(Mono.defer(this::decide));
        }

        private Mono<TokenResult> issue(DirectoryEntry entry, AcsIdentityId identityId) {
            Set<String> scopes = policy.scopes(request, entry);
            int minutes = policy.minutes(request, entry);
            return acs.issue(identityId, scopes, minutes)
                    .flatMap(token -> announce(identityId, scopes, token)
                            .then(Mono.defer(() -> directory.confirmed(userId)))
                            .flatMap(now -> {
                                if (mayRelease(entry, now)) {
                                    return Mono.just(new Issued(token, identityId, scopes));
                                }
                                return overtaken(now);
                            }));
        }

        private Mono<Void> announce(AcsIdentityId identityId, Set<String> scopes, AccessToken token) {
            Instant now = clock.instant();
            var event = new TokenIssued(
                    userId.value(), identityId.value(), scopes, now, token.expiresOn(), token.tokenId(), "requested");
            var outcome = new Outcome(ids.next(), now, event, null, request.requestedBy());
            return outcomes.append(outcome)
                    .onErrorMap(e -> new Unconfirmed("the announcement of a token could not be written"));
        }

        private boolean mayRelease(DirectoryEntry asked, Optional<DirectoryEntry> now) {
            return closedDoor(now) == null
                    && now.filter(entry -> entry.tokenEpoch() == asked.tokenEpoch()
                                    && !entry.revoking()
                                    && asked.identityId() != null
                                    && asked.identityId().equals(entry.identityId()))
                            .isPresent();
        }

        /** The token is dropped: a revocation came between. A new one may be had, but not for ever. */
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
    }
}
