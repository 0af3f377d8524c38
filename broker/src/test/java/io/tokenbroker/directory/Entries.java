package io.tokenbroker.directory;

import java.time.Instant;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Entries of users in the states a test needs. */
public final class Entries {

    private Entries() {}

    public static AcsIdentityId identity(int number) {
        return new AcsIdentityId(
                "8:acs:00000000-0000-0000-0000-000000000001_00000000-0000-0000-0000-%012d".formatted(number));
    }

    public static DirectoryEntry anActiveUser(String user, int identity) {
        return entry(user, Standing.ACTIVE, identity(identity), List.of());
    }

    static DirectoryEntry aUserBeingProvisioned(String user) {
        return entry(user, Standing.ACTIVE, null, List.of());
    }

    static DirectoryEntry aUserBeingDeleted(String user, int identity) {
        return entry(user, Standing.GONE, null, List.of(identity(identity)));
    }

    static DirectoryEntry aDeletedUser(String user) {
        return entry(user, Standing.GONE, null, List.of());
    }

    private static DirectoryEntry entry(
            String user, Standing standing, @Nullable AcsIdentityId identity, List<AcsIdentityId> doomed) {
        return new DirectoryEntry(
                new UserId(user),
                standing,
                identity,
                doomed,
                Set.of(),
                null,
                false,
                0,
                0,
                null,
                standing,
                List.of(),
                null,
                Verdict.APPLIED,
                null,
                null,
                Instant.EPOCH,
                null,
                null);
    }
}
