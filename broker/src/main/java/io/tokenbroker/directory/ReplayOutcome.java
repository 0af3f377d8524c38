package io.tokenbroker.directory;

import java.util.Locale;

/** What a replay did to one user, or with one dead letter. */
public enum ReplayOutcome {
    /** The user is to have an identity, and had none. */
    CREATED,
    /** The user is to have another identity in place of the one they had. */
    MOVED,
    /** Suspended, resumed, or other defaults for tokens. */
    CHANGED,
    DELETED,
    /** All was as the log wants it already. */
    UNCHANGED,
    /** A later event was applied, which stands. */
    SUPERSEDED,
    /** What the log wants cannot be done; in the dead letters. */
    REFUSED,
    /** Of a dead letter: it was appended to the log again. No entry has this. */
    REDRIVEN;

    /** The name in JSON. */
    public String wireName() {
        return name().toLowerCase(Locale.ROOT);
    }
}
