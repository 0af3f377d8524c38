package io.tokenbroker.http;

import com.fasterxml.jackson.annotation.JsonInclude;
import io.tokenbroker.directory.AcsIdentityId;
import io.tokenbroker.directory.DirectoryEntry;
import io.tokenbroker.directory.EventRef;
import io.tokenbroker.directory.Parked;
import java.time.Instant;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** A directory entry as callers see it. */
@JsonInclude(JsonInclude.Include.NON_NULL)
record EntryJson(
        String userId,
        @Nullable String identityId,
        String state,
        Set<String> scopes,
        long tokenEpoch,
        Instant updatedOn,
        @Nullable EventJson lastEvent,
        @Nullable ParkedJson parked) {

    record EventJson(String id, String source, String type, Instant time) {
        private static @Nullable EventJson of(@Nullable EventRef event) {
            return event == null ? null : new EventJson(event.id(), event.source(), event.type(), event.time());
        }
    }

    record ParkedJson(String eventId, String reason, Instant since) {
        private static @Nullable ParkedJson of(@Nullable Parked parked) {
            return parked == null ? null : new ParkedJson(parked.eventId(), parked.reason(), parked.since());
        }
    }

    /** Empty for an entry that only remembers what was seen of a user who never was. */
    static Optional<EntryJson> of(DirectoryEntry entry) {
        AcsIdentityId identityId = entry.identityId();
        return entry.state()
                .map(state -> new EntryJson(
                        entry.userId().value(),
                        identityId == null ? null : identityId.value(),
                        state.wireName(),
                        entry.sortedScopes(),
                        entry.tokenEpoch(),
                        entry.updatedOn(),
                        EventJson.of(entry.lastEvent()),
                        ParkedJson.of(entry.parked())));
    }
}
