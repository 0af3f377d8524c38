package io.tokenbroker.replay;

import io.tokenbroker.directory.AcsIdentityId;
import java.util.Optional;

/** The ACS resources that are given up. */
public interface RetiringResources {

    /** Why it cannot be told who lives on one; empty where it can. */
    Optional<String> problem();

    /** Whether the identity is on a resource that is retiring. */
    boolean isRetiring(AcsIdentityId identityId);
}
