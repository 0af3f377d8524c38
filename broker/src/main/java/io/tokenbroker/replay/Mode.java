package io.tokenbroker.replay;

import java.util.Locale;

/** What a replay is for. */
public enum Mode {
    /** Users as the log says they shall be. */
    PROVISION,
    /** New identities on the current ACS resource for everybody who has one on a retiring resource. */
    REBUILD,
    /** Dead letters, appended to the log again. */
    REDRIVE;

    /** The name in JSON. */
    public String wireName() {
        return name().toLowerCase(Locale.ROOT);
    }
}
