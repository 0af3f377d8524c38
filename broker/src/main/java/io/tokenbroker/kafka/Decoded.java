package io.tokenbroker.kafka;

import io.tokenbroker.directory.DirectoryEntry;

/** What the value of an {@code identity-directory} record turned out to be. */
sealed interface Decoded {

    record Entry(DirectoryEntry entry) implements Decoded {}

    /** Written by a newer broker: it is understood by nobody here and must not be overwritten. */
    record FromTheFuture(int format) implements Decoded {}

    /** @param why what is wrong, without the value itself */
    record Unreadable(String why) implements Decoded {}
}
