package io.tokenbroker.tokens;

import io.tokenbroker.directory.AcsIdentityId;
import java.util.Set;
import reactor.core.publisher.Mono;

/** ACS, as the issuing of tokens needs it: an interactive call, ahead of everything else that waits for ACS. */
public interface AccessTokens {

    /**
     * Issues one new token. Waits at most a few seconds for its turn under the quota, and not at all during an outage.
     *
     * @param minutes lifetime of the token, 60 to 1440
     * @return the token, or an {@link io.tokenbroker.lifecycle.AcsFault} of any kind
     */
    Mono<AccessToken> issue(AcsIdentityId identityId, Set<String> scopes, int minutes);
}
