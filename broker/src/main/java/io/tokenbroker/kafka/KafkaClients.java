package io.tokenbroker.kafka;

import static java.util.Map.entry;

import java.util.HashMap;
import java.util.Map;
import java.util.Set;
import org.apache.kafka.clients.CommonClientConfigs;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.AdminClientConfig;
import org.apache.kafka.clients.consumer.ConsumerConfig;
import org.apache.kafka.clients.producer.ProducerConfig;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.apache.kafka.common.serialization.ByteArraySerializer;

/**
 * The properties every client begins with: proposals of the broker's, over them what the settings say, over that what
 * the broker relies on.
 */
final class KafkaClients {

    private static final Map<String, Object> PRODUCER_PROPOSALS = Map.of(
            ProducerConfig.LINGER_MS_CONFIG, 0,
            // every client can read it, and batches are small
            ProducerConfig.COMPRESSION_TYPE_CONFIG, "none",
            ProducerConfig.REQUEST_TIMEOUT_MS_CONFIG, 3_000,
            ProducerConfig.MAX_BLOCK_MS_CONFIG, 5_000,
            ProducerConfig.DELIVERY_TIMEOUT_MS_CONFIG, 9_000,
            // the topic's own limit decides
            ProducerConfig.MAX_REQUEST_SIZE_CONFIG, 8 * 1024 * 1024);

    private static final Map<String, Object> PRODUCER_NEEDS = Map.of(
            ProducerConfig.ACKS_CONFIG,
            "all",
            ProducerConfig.ENABLE_IDEMPOTENCE_CONFIG,
            true,
            ProducerConfig.PARTITIONER_IGNORE_KEYS_CONFIG,
            false,
            ProducerConfig.KEY_SERIALIZER_CLASS_CONFIG,
            ByteArraySerializer.class,
            ProducerConfig.VALUE_SERIALIZER_CLASS_CONFIG,
            ByteArraySerializer.class);

    private static final Map<String, Object> CONSUMER_PROPOSALS = Map.ofEntries(
            entry(ConsumerConfig.DEFAULT_API_TIMEOUT_MS_CONFIG, 10_000),
            entry(ConsumerConfig.REQUEST_TIMEOUT_MS_CONFIG, 10_000));

    private static final Map<String, Object> CONSUMER_NEEDS = Map.of(
            ConsumerConfig.ISOLATION_LEVEL_CONFIG,
            "read_committed",
            ConsumerConfig.ENABLE_AUTO_COMMIT_CONFIG,
            false,
            ConsumerConfig.AUTO_OFFSET_RESET_CONFIG,
            "none",
            ConsumerConfig.ALLOW_AUTO_CREATE_TOPICS_CONFIG,
            false,
            ConsumerConfig.KEY_DESERIALIZER_CLASS_CONFIG,
            ByteArrayDeserializer.class,
            ConsumerConfig.VALUE_DESERIALIZER_CLASS_CONFIG,
            ByteArrayDeserializer.class);

    private static final Map<String, Object> ADMIN_PROPOSALS = Map.of(
            AdminClientConfig.REQUEST_TIMEOUT_MS_CONFIG, 5_000,
            AdminClientConfig.DEFAULT_API_TIMEOUT_MS_CONFIG, 10_000);

    /** Whose members and transactions others must not become by a stray property. */
    private static final Set<String> NEVER = Set.of(
            ProducerConfig.TRANSACTIONAL_ID_CONFIG,
            ProducerConfig.PARTITIONER_CLASS_CONFIG,
            CommonClientConfigs.GROUP_ID_CONFIG,
            CommonClientConfigs.GROUP_INSTANCE_ID_CONFIG,
            CommonClientConfigs.CLIENT_ID_CONFIG);

    private final KafkaSettings settings;

    KafkaClients(KafkaSettings settings) {
        this.settings = settings;
    }

    /** The consumer group, and the beginning of every transactional id. */
    String groupId() {
        return settings.groupId();
    }

    /** Durable and idempotent, keys and values as bytes; gives up on a record after about ten seconds. */
    Map<String, Object> producer(String clientId) {
        return properties(clientId, ProducerConfig.configNames(), PRODUCER_PROPOSALS, PRODUCER_NEEDS);
    }

    /** Reads committed records as bytes, in no group, and begins nowhere by itself. */
    Map<String, Object> consumer(String clientId) {
        return properties(clientId, ConsumerConfig.configNames(), CONSUMER_PROPOSALS, CONSUMER_NEEDS);
    }

    Map<String, Object> admin(String clientId) {
        return properties(clientId, AdminClientConfig.configNames(), ADMIN_PROPOSALS, Map.of());
    }

    /** To be closed by the caller. */
    Admin openAdmin(String clientId) {
        return Admin.create(admin(clientId));
    }

    private Map<String, Object> properties(
            String clientId, Set<String> known, Map<String, Object> proposals, Map<String, Object> needs) {
        Map<String, Object> properties = new HashMap<>(proposals);
        settings.clientProperties().forEach((name, value) -> {
            if (!NEVER.contains(name) && (known.contains(name) || !isOfAnotherClient(name))) {
                properties.put(name, value);
            }
        });
        properties.putAll(needs);
        properties.put(CommonClientConfigs.BOOTSTRAP_SERVERS_CONFIG, settings.bootstrapServers());
        properties.put(CommonClientConfigs.CLIENT_ID_CONFIG, settings.groupId() + "-" + clientId);
        return properties;
    }

    /** Clients warn of properties they do not know, unless these are a plug-in's. */
    private static boolean isOfAnotherClient(String name) {
        return ProducerConfig.configNames().contains(name)
                || ConsumerConfig.configNames().contains(name)
                || AdminClientConfig.configNames().contains(name);
    }

    @Override
    public String toString() {
        return "KafkaClients[" + settings + "]";
    }
}
