package io.tokenbroker.events;

import org.jspecify.annotations.Nullable;

/** What the broker did: announced on the {@code token-events} topic, never with a token in it. */
public sealed interface OutcomeEvent extends BrokerEvent
        permits IdentityProvisioned,
                IdentitySuspended,
                IdentityResumed,
                IdentityDeleted,
                TokenIssued,
                TokenExchanged,
                TokensRevoked {

    /** The ACS identity it is about; {@code null} only for an exchanged Teams token, which has none. */
    @Nullable String identityId();
}
