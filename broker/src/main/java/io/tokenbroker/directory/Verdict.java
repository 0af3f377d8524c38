package io.tokenbroker.directory;

/** How the record at an entry's {@code lastApplied} ended. */
public enum Verdict {
    APPLIED,
    /** Older than what its source had said already. */
    STALE,
    /** Valid, but without anything to do for this user. */
    IGNORED,
    /** Could not be applied; in the dead letters. */
    REFUSED
}
