package io.tokenbroker.kafka;

import io.cloudevents.CloudEvent;
import io.tokenbroker.outcomes.OutcomeRelay;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import org.apache.kafka.clients.consumer.ConsumerConfig;
import org.apache.kafka.clients.consumer.CooperativeStickyAssignor;
import reactor.core.publisher.Mono;

/** Passes on what is committed in {@code token-events}, with a consumer group for each name. */
final class KafkaOutcomeRelay implements OutcomeRelay {

    private static final int MOST_AT_A_TIME = 2_000;

    private final KafkaClients clients;
    private final TopicFacts topics;

    KafkaOutcomeRelay(KafkaClients clients, TopicFacts topics) {
        this.clients = clients;
        this.topics = topics;
    }

    @Override
    public Relaying begin(String name, Function<List<CloudEvent>, Mono<Void>> to) {
        Map<String, Object> properties = new HashMap<>(clients.consumer(name));
        properties.put(ConsumerConfig.GROUP_ID_CONFIG, clients.groupId() + "-" + name);
        properties.put(ConsumerConfig.GROUP_PROTOCOL_CONFIG, "classic");
        properties.put(ConsumerConfig.PARTITION_ASSIGNMENT_STRATEGY_CONFIG, CooperativeStickyAssignor.class.getName());
        properties.put(ConsumerConfig.SESSION_TIMEOUT_MS_CONFIG, 6_000);
        properties.put(ConsumerConfig.HEARTBEAT_INTERVAL_MS_CONFIG, 2_000);
        properties.put(ConsumerConfig.MAX_POLL_RECORDS_CONFIG, MOST_AT_A_TIME);
        // a group that begins, or has slept for longer than outcomes are kept, passes on all there is
        properties.put(ConsumerConfig.AUTO_OFFSET_RESET_CONFIG, "earliest");
        RelayThread thread = new RelayThread(name, properties, topics.events().name(), to);
        thread.start();
        return thread;
    }
}
