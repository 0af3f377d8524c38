package io.tokenbroker.pipeline;

import io.tokenbroker.directory.CreateIntent;
import io.tokenbroker.directory.DirectoryEntry;
import io.tokenbroker.directory.UserId;
import io.tokenbroker.outcomes.Outcome;
import java.util.List;

/**
 * What becomes durable together.
 *
 * @param forgotten users whose entries end as tombstones
 * @param intents creates begun; an empty one is a tombstone
 * @param reroutes records to append again, to their users' partitions
 * @param watermark every record below this offset is done
 */
public record Transaction(
        List<DirectoryEntry> entries,
        List<UserId> forgotten,
        List<CreateIntent> intents,
        List<Outcome> outcomes,
        List<DeadLetter> deadLetters,
        List<Arrival.Misrouted> reroutes,
        long watermark) {

    public Transaction {
        entries = List.copyOf(entries);
        forgotten = List.copyOf(forgotten);
        intents = List.copyOf(intents);
        outcomes = List.copyOf(outcomes);
        deadLetters = List.copyOf(deadLetters);
        reroutes = List.copyOf(reroutes);
    }

    /** The same but for its outcomes. */
    public Transaction with(List<Outcome> others) {
        return new Transaction(entries, forgotten, intents, others, deadLetters, reroutes, watermark);
    }

    /** How many records it writes, the watermark not counted. */
    public int size() {
        return entries.size()
                + forgotten.size()
                + intents.size()
                + outcomes.size()
                + deadLetters.size()
                + reroutes.size();
    }
}
