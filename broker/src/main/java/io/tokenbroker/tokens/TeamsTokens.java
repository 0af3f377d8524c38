package io.tokenbroker.tokens;

import reactor.core.publisher.Mono;

/** ACS, as the exchange of Teams users' tokens needs it: an interactive call. */
public interface TeamsTokens {

    /** @return the ACS token of the Teams user, or an {@link io.tokenbroker.lifecycle.AcsFault} of any kind */
    Mono<AccessToken> exchange(TeamsSignIn signIn);
}
