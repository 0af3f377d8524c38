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

    /**
     * The user, other than {@code adopting}, who has it already or is about to have it. Where there is none, {@code
     * adopting} is the one who is about to, and others are told so until the directory shows it.
     */
    default Optional<UserId> claim(AcsIdentityId identityId, UserId adopting) {
        return holderOf(identityId).filter(other -> !other.equals(adopting));
    }

    /** The same knowledge, for whoever only asks what would be decided: nothing is claimed. */
    default IdentityOwnership withoutClaims() {
        IdentityOwnership known = this;
        return new IdentityOwnership() {
            @Override
            public boolean isForeign(AcsIdentityId identityId) {
                return known.isForeign(identityId);
            }

            @Override
            public Optional<UserId> holderOf(AcsIdentityId identityId) {
                return known.holderOf(identityId);
            }
        };
    }
}
