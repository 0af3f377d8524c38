package io.tokenbroker.embedded;

import static java.util.Map.entry;

import java.nio.file.Path;
import java.util.Map;

/** What a node that is alone, small and quick to start is told; everything else is as Kafka has it. */
final class NodeSettings {
    static final String HOST = "127.0.0.1";
    static final String CONTROLLER_LISTENER = "CONTROLLER";
    static final int NODE_ID = 1;

    private NodeSettings() {}

    static Map<String, String> of(Path directory, int clients, int controller) {
        String clientListener = "PLAINTEXT://" + HOST + ":" + clients;
        return Map.ofEntries(
                entry("process.roles", "broker,controller"),
                entry("node.id", Integer.toString(NODE_ID)),
                entry("controller.quorum.voters", NODE_ID + "@" + HOST + ":" + controller),
                entry("listeners", clientListener + "," + CONTROLLER_LISTENER + "://" + HOST + ":" + controller),
                entry("advertised.listeners", clientListener),
                entry("controller.listener.names", CONTROLLER_LISTENER),
                entry("inter.broker.listener.name", "PLAINTEXT"),
                entry("listener.security.protocol.map", "PLAINTEXT:PLAINTEXT," + CONTROLLER_LISTENER + ":PLAINTEXT"),
                entry("log.dirs", directory.toAbsolutePath().toString()),
                // there is no second node to copy to
                entry("default.replication.factor", "1"),
                entry("min.insync.replicas", "1"),
                entry("offsets.topic.replication.factor", "1"),
                entry("transaction.state.log.replication.factor", "1"),
                entry("transaction.state.log.min.isr", "1"),
                entry("share.coordinator.state.topic.replication.factor", "1"),
                entry("share.coordinator.state.topic.min.isr", "1"),
                // each partition of these is made, and loaded, before the first group or transaction goes on
                entry("offsets.topic.num.partitions", "4"),
                entry("transaction.state.log.num.partitions", "4"),
                entry("share.coordinator.state.topic.num.partitions", "1"),
                entry("group.initial.rebalance.delay.ms", "0"),
                // after a kill the node is let in again when its former self has timed out
                entry("broker.session.timeout.ms", "4000"),
                entry("broker.heartbeat.interval.ms", "500"),
                entry("auto.create.topics.enable", "false"),
                entry("num.network.threads", "2"),
                entry("num.io.threads", "4"),
                entry("background.threads", "2"),
                entry("log.cleaner.dedupe.buffer.size", Integer.toString(16 << 20)));
    }
}
