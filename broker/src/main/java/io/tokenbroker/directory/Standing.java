package io.tokenbroker.directory;

/** What upstream wants of a user. What ACS has of it is told by the entry's identities and epochs. */
public enum Standing {
    /** Never created: an entry that only remembers what was seen. */
    UNKNOWN,
    ACTIVE,
    SUSPENDED,
    GONE
}
