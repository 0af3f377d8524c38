package io.tokenbroker.lifecycle;

import io.tokenbroker.directory.AcsIdentityId;
import io.tokenbroker.directory.UserId;
import java.util.Optional;

/** What is known of an identity that an event wants to adopt. */
public interface IdentityOwnership {

    /** Whether it is known to belong to none of the broker's ACS resources. */
    boolean isForeign(AcsIdentityId identityId);

    /** The user it is bound to already. */
    Optional<UserId> holderOf(AcsIdentityId identityId);
}
