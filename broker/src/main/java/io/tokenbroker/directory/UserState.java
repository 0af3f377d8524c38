package io.tokenbroker.directory;

import java.util.Locale;

/** The state of a user as callers see it. */
public enum UserState {
    /** Wanted, but without an identity yet. */
    PROVISIONING,
    ACTIVE,
    SUSPENDED,
    /** Gone for every caller, while ACS still has the identity. */
    DELETING,
    DELETED;

    /** The name in JSON. */
    public String wireName() {
        return name().toLowerCase(Locale.ROOT);
    }
}
