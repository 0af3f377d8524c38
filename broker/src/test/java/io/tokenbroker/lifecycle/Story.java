package io.tokenbroker.lifecycle;

import static org.assertj.core.api.Assertions.assertThat;

import io.tokenbroker.events.IdentityDeleted;
import io.tokenbroker.events.IdentityProvisioned;
import io.tokenbroker.events.IdentityResumed;
import io.tokenbroker.events.IdentitySuspended;
import io.tokenbroker.events.OutcomeEvent;
import io.tokenbroker.events.TokenExchanged;
import io.tokenbroker.events.TokenIssued;
import io.tokenbroker.events.TokensRevoked;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What somebody knows of a user who reads the outcomes alone.
 *
 * @param identity the identity the user has, as told
 */
record Story(@Nullable String identity, boolean suspended) {

    /** Fails where one outcome does not follow from those before. */
    static Story of(List<OutcomeEvent> outcomes) {
        Story story = new Story(null, false);
        for (OutcomeEvent outcome : outcomes) {
            story = story.after(outcome, outcomes);
        }
        return story;
    }

    private Story after(OutcomeEvent outcome, List<OutcomeEvent> all) {
        return switch (outcome) {
            case IdentityProvisioned provisioned -> {
                assertThat(identity).as("%s", all).isNull();
                yield new Story(provisioned.identityId(), false);
            }
            case IdentityDeleted deleted -> {
                isOf(deleted.identityId(), all);
                yield new Story(null, false);
            }
            case IdentitySuspended told -> {
                isOf(told.identityId(), all);
                assertThat(suspended).as("%s", all).isFalse();
                yield new Story(identity, true);
            }
            case IdentityResumed told -> {
                isOf(told.identityId(), all);
                assertThat(suspended).as("%s", all).isTrue();
                yield new Story(identity, false);
            }
            case TokenIssued issued -> isOf(issued.identityId(), all);
            case TokensRevoked revoked -> isOf(revoked.identityId(), all);
            case TokenExchanged exchanged -> throw new AssertionError("none of the rules' outcomes: " + exchanged);
        };
    }

    private Story isOf(String told, List<OutcomeEvent> all) {
        assertThat(told).as("%s", all).isEqualTo(identity);
        return this;
    }
}
