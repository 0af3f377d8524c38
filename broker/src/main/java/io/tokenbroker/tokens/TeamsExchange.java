package io.tokenbroker.tokens;

import io.tokenbroker.directory.UserId;
import io.tokenbroker.events.TokenExchanged;
import io.tokenbroker.lifecycle.AcsFault;
import io.tokenbroker.outcomes.Outcome;
import io.tokenbroker.outcomes.OutcomeIds;
import io.tokenbroker.outcomes.OutcomeLog;
import io.tokenbroker.tokens.TeamsResult.Exchanged;
import io.tokenbroker.tokens.TeamsResult.Failed;
import io.tokenbroker.tokens.TokenResult.NotReady;
import io.tokenbroker.tokens.TokenResult.Reason;
import io.tokenbroker.tokens.TokenResult.TooMany;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import reactor.core.publisher.Mono;

/**
 * Exchanges Teams users' Entra tokens for ACS tokens. These users are Entra's: they have no entry in the directory and
 * no identity to be deleted, and nothing is leased, as the token that is exchanged is the proof of who asks. The exchange
 * is announced before the token is given away.
 */
public final class TeamsExchange {

    private static final Duration SOON = Duration.ofSeconds(1);

    private final TeamsTokens acs;
    private final OutcomeLog outcomes;
    private final IssueLimit limit;
    private final OutcomeIds ids = new OutcomeIds();
    private final Clock clock;

    /** @param perCallerAndMinute how many exchanges a caller may ask for within any minute, at least 1 */
    public TeamsExchange(TeamsTokens acs, OutcomeLog outcomes, int perCallerAndMinute, Clock clock) {
        this.acs = acs;
        this.outcomes = outcomes;
        this.limit = new IssueLimit(perCallerAndMinute, clock);
        this.clock = clock;
    }

    /** Answers within a few seconds, and never with an error for what {@link TeamsResult} has a name for. */
    public Mono<TeamsResult> exchange(TeamsSignIn signIn, UserId caller) {
        return Mono.defer(() -> {
                    Optional<Duration> wait = limit.take(caller);
                    return wait.isPresent()
                            ? Mono.<TeamsResult>just(new Failed(new TooMany(wait.get())))
                            : acs.exchange(signIn).flatMap(token -> announced(token, signIn, caller));
                })
                .timeout(TokenLeasing.PATIENCE, Mono.just(new Failed(new NotReady(Reason.BUSY, SOON))))
                .onErrorResume(AcsFault.class, fault -> Mono.just(new Failed(TokenResult.of(fault))));
    }

    private Mono<TeamsResult> announced(AccessToken token, TeamsSignIn signIn, UserId caller) {
        Instant now = clock.instant();
        var event =
                new TokenExchanged(caller.value(), signIn.userId(), signIn.appId(), token.expiresOn(), token.tokenId());
        return outcomes.append(new Outcome(ids.next(), now, event, null, caller.value()))
                .<TeamsResult>thenReturn(new Exchanged(token))
                .onErrorReturn(new Failed(new NotReady(Reason.UNCONFIRMED, SOON)));
    }
}
