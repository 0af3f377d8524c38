package io.tokenbroker.acs;

import io.tokenbroker.directory.AcsIdentityId;
import io.tokenbroker.pipeline.IdentityCalls.Priority;
import io.tokenbroker.tokens.AccessToken;
import io.tokenbroker.tokens.AccessTokens;
import io.tokenbroker.tokens.TeamsSignIn;
import io.tokenbroker.tokens.TeamsTokens;
import java.util.Set;
import reactor.core.publisher.Mono;

/** Tokens for callers who wait for them. */
final class GovernedAccessTokens implements AccessTokens, TeamsTokens {

    private final IdentityApi api;
    private final QuotaGovernor governor;

    GovernedAccessTokens(IdentityApi api, QuotaGovernor governor) {
        this.api = api;
        this.governor = governor;
    }

    @Override
    public Mono<AccessToken> issue(AcsIdentityId identityId, Set<String> scopes, int minutes) {
        return inTurn(Operation.ISSUE, api.issue(identityId, scopes, minutes));
    }

    @Override
    public Mono<AccessToken> exchange(TeamsSignIn signIn) {
        return inTurn(Operation.EXCHANGE, api.exchange(signIn));
    }

    private Mono<AccessToken> inTurn(Operation operation, Routed<AccessToken> asked) {
        return asked.through(attempt ->
                governor.call(attempt.resource(), operation, Priority.INTERACTIVE, Mono.empty(), attempt.remote()));
    }
}
