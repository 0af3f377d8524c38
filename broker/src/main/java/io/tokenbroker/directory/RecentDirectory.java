package io.tokenbroker.directory;

import java.time.Duration;
import java.util.Optional;

/** The directory as this instance sees it, for as long as that is known to be nearly true. */
public interface RecentDirectory {

    /** How old a view may be that something is still concluded from. */
    Duration MAX_AGE = Duration.ofSeconds(5);

    /**
     * The user's entry, without asking anybody. Empty for a user without one, and for everybody while the view is not
     * known to hold all that was committed {@link #MAX_AGE} ago.
     */
    Optional<DirectoryEntry> recent(UserId userId);
}
