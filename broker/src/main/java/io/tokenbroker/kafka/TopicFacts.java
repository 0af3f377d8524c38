package io.tokenbroker.kafka;

import java.util.List;

/** The topics as they were found at the start. Input, directory and intents have the same number of partitions. */
record TopicFacts(
        Topic lifecycle, Topic directory, Topic events, Topic deadLetters, Topic replayJobs, Topic createIntents) {

    /** @param id tells the topic from another one of its name */
    record Topic(String name, String id, int partitions) {}

    /** How users are spread over the input, the directory and the intents. */
    Partitioning partitioning() {
        return new Partitioning(lifecycle.partitions());
    }

    List<Topic> all() {
        return List.of(lifecycle, directory, events, deadLetters, replayJobs, createIntents);
    }
}
