package io.tokenbroker.kafka;

import io.tokenbroker.outcomes.Wanted;
import java.nio.charset.StandardCharsets;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

/**
 * The topic of outcomes as it is read at present.
 *
 * @param id another one once it is made anew
 */
record FeedTopic(String id, int partitions) {

    /** Where the outcomes of these users may lie, if they were written while the topic had so many partitions. */
    static Set<Integer> homes(Wanted wanted, int partitions) {
        if (wanted.isOfEverybody()) {
            return IntStream.range(0, partitions).boxed().collect(Collectors.toCollection(TreeSet::new));
        }
        Partitioning partitioning = new Partitioning(partitions);
        return wanted.users().stream()
                .map(user -> partitioning.of(user.getBytes(StandardCharsets.UTF_8)))
                .collect(Collectors.toCollection(TreeSet::new));
    }
}
