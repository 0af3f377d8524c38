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
        Mono<AccessToken> remote = api.issue(identityId, scopes, minutes);
        return governor.call(Operation.ISSUE, Priority.INTERACTIVE, Mono.empty(), remote);
    }

    @Override
    public Mono<AccessToken> exchange(TeamsSignIn signIn) {
        return governor.call(Operation.EXCHANGE, Priority.INTERACTIVE, Mono.empty(), api.exchange(signIn));
    }
}
