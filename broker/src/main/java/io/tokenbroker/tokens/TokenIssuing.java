package io.tokenbroker.tokens;

import io.tokenbroker.directory.AcsIdentityId;
import io.tokenbroker.directory.ConfirmedDirectory;
import io.tokenbroker.directory.ConfirmedDirectory.Unconfirmed;
import io.tokenbroker.directory.DirectoryEntry;
import io.tokenbroker.events.TokenIssued;
import io.tokenbroker.outcomes.Outcome;
import io.tokenbroker.outcomes.OutcomeIds;
import io.tokenbroker.outcomes.OutcomeLog;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.ThreadLocalRandom;
import org.jspecify.annotations.Nullable;
import reactor.core.publisher.Mono;

/**
 * Issues new tokens. A token is released only when, after ACS issued it and its event became durable, the directory
 * still has the user active under the same identity and token epoch: no token issued in a race with a revocation gets
 * out.
 */
final class TokenIssuing {

    private final ConfirmedDirectory directory;
    private final AccessTokens acs;
    private final OutcomeLog outcomes;
    private final OutcomeIds ids = new OutcomeIds();
    private final Renewal renewal =
            new Renewal(() -> ThreadLocalRandom.current().nextDouble());
    private final Clock clock;

    /** What became of a call. */
    sealed interface Issue {

        record Released(Lease lease) implements Issue {}

        /** No call was made: the user has had too many new tokens, and may have the next after so long. */
        record TooSoon(Duration retryAfter) implements Issue {}

        /** The token was dropped, as the user's entry is another one now. */
        record Overtaken(Optional<DirectoryEntry> now) implements Issue {}
    }

    TokenIssuing(ConfirmedDirectory directory, AccessTokens acs, OutcomeLog outcomes, Clock clock) {
        this.directory = directory;
        this.acs = acs;
        this.outcomes = outcomes;
        this.clock = clock;
    }

    /**
     * @param entry a user's who is active and has an identity
     * @return {@link io.tokenbroker.lifecycle.AcsFault} where ACS issues none, {@link Unconfirmed} where Kafka did not
     *     take or answer what it has to
     */
    Mono<Issue> issue(LeaseKey key, DirectoryEntry entry, String reason, @Nullable String requestedBy) {
        AcsIdentityId identityId = Objects.requireNonNull(entry.identityId());
        return acs.issue(identityId, key.scopes(), key.minutes()).flatMap(token -> {
            Instant now = clock.instant();
            var lease = new Lease(key, token, identityId, entry.tokenEpoch(), now, renewal.of(now, token.expiresOn()));
            return announce(lease, reason, requestedBy)
                    .then(Mono.defer(() -> directory.confirmed(key.userId())))
                    .map(found -> found.filter(lease::isAllowedBy).isPresent()
                            ? new Issue.Released(lease)
                            : new Issue.Overtaken(found));
        });
    }

    private Mono<Void> announce(Lease lease, String reason, @Nullable String requestedBy) {
        LeaseKey key = lease.key();
        AccessToken token = lease.token();
        var event = new TokenIssued(
                key.userId().value(),
                lease.identityId().value(),
                key.scopes(),
                lease.issuedOn(),
                token.expiresOn(),
                token.tokenId(),
                reason);
        return outcomes.append(new Outcome(ids.next(), lease.issuedOn(), event, null, requestedBy))
                .onErrorMap(e -> new Unconfirmed("the announcement of a token could not be written"));
    }
}
