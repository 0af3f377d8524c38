package io.tokenbroker.directory;

import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/**
 * What the broker knows of one user: the value of the compacted {@code identity-directory} topic.
 *
 * @param identityId the user's identity at ACS, once there is one
 * @param doomed identities that were the user's and are still to be deleted at ACS
 * @param scopes default scopes of the user's tokens; empty for the broker's default
 * @param lifetimeMinutes lifetime of the user's tokens; {@code null} for the broker's default
 * @param firstToken whether the identity still to be made comes with a first token
 * @param tokenEpoch moves by one whenever every token issued so far loses its right; a token of an older epoch is void
 * @param revokedEpoch the epoch up to which ACS was told
 * @param revokeReason why the epoch last moved
 * @param announced the standing that outcome events told last
 * @param seen the latest version applied per aspect and source, newest last, bounded
 * @param lastApplied the latest record that was decided for this user; records at or before it are skipped
 * @param lastVerdict how that record ended
 * @param lastEvent the latest event that was applied
 * @param parked the event whose work was given up, until the user's next event
 * @param decidedAt where the latest applied event lies, where that is not {@code lastApplied}: what was stale, refused
 *     or ignored moves that one alone. Entries that were written before this was kept do not have it
 * @param lastReplay the latest replay that decided this user
 */
public record DirectoryEntry(
        UserId userId,
        Standing standing,
        @Nullable AcsIdentityId identityId,
        List<AcsIdentityId> doomed,
        Set<String> scopes,
        @Nullable Integer lifetimeMinutes,
        boolean firstToken,
        long tokenEpoch,
        long revokedEpoch,
        @Nullable String revokeReason,
        Standing announced,
        List<Seen> seen,
        @Nullable LogPosition lastApplied,
        Verdict lastVerdict,
        @Nullable EventRef lastEvent,
        @Nullable Parked parked,
        Instant updatedOn,
        @Nullable LogPosition decidedAt,
        @Nullable Replayed lastReplay) {

    public DirectoryEntry {
        doomed = List.copyOf(doomed);
        scopes = Set.copyOf(scopes);
        seen = List.copyOf(seen);
    }

    /** The entry of a user of whom nothing is known. */
    public static DirectoryEntry unknown(UserId userId) {
        return new DirectoryEntry(
                userId,
                Standing.UNKNOWN,
                null,
                List.of(),
                Set.of(),
                null,
                false,
                0,
                0,
                null,
                Standing.UNKNOWN,
                List.of(),
                null,
                Verdict.IGNORED,
                null,
                null,
                Instant.EPOCH,
                null,
                null);
    }

    /** The state callers see; empty for a user who was never created or deleted. */
    public Optional<UserState> state() {
        return switch (standing) {
            case UNKNOWN -> Optional.empty();
            case ACTIVE -> Optional.of(identityId == null ? UserState.PROVISIONING : UserState.ACTIVE);
            case SUSPENDED -> Optional.of(UserState.SUSPENDED);
            case GONE -> Optional.of(doomed.isEmpty() ? UserState.DELETED : UserState.DELETING);
        };
    }

    /** The log position the entry's state is of; {@code null} where no event was ever applied. */
    public @Nullable LogPosition appliedAt() {
        return decidedAt != null || lastEvent == null ? decidedAt : lastApplied;
    }

    /** Whether this replay has decided the user. */
    public boolean wasReplayedBy(String job) {
        return lastReplay != null && lastReplay.job().equals(job);
    }

    /** Whether ACS still has to be told that the tokens of earlier epochs are void; no token is issued meanwhile. */
    public boolean revoking() {
        return identityId != null && revokedEpoch < tokenEpoch;
    }

    /** Whether the user is gone, at ACS too, and nothing was heard of them since {@code limit}. */
    public boolean deletedBefore(Instant limit) {
        return standing == Standing.GONE && doomed.isEmpty() && updatedOn.isBefore(limit);
    }

    /** The scopes in a stable order, for what is written. */
    public Set<String> sortedScopes() {
        return new TreeSet<>(scopes);
    }
}
