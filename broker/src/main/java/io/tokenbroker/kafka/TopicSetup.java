package io.tokenbroker.kafka;

import io.tokenbroker.kafka.TopicPlan.Wanted;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.TopicDescription;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.Producer;
import org.apache.kafka.clients.producer.ProducerConfig;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.Uuid;
import org.apache.kafka.common.config.ConfigResource;
import org.apache.kafka.common.config.TopicConfig;
import org.apache.kafka.common.errors.AuthorizationException;
import org.apache.kafka.common.errors.TimeoutException;
import org.apache.kafka.common.errors.TopicAuthorizationException;
import org.apache.kafka.common.errors.TopicExistsException;
import org.apache.kafka.common.errors.UnknownTopicOrPartitionException;
import org.apache.kafka.common.errors.UnsupportedVersionException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Sees to the topics at the start: makes those that are missing, and refuses to run where the cluster or the topics
 * would lose data. Blocks, so it belongs to the start of the application.
 */
final class TopicSetup {

    private static final Logger LOG = LoggerFactory.getLogger(TopicSetup.class);

    private static final Duration PATIENCE = Duration.ofSeconds(60);

    private final KafkaClients clients;
    private final TopicSettings settings;

    TopicSetup(KafkaClients clients, TopicSettings settings) {
        this.clients = clients;
        this.settings = settings;
    }

    /** @throws ClusterUnfit naming what is lacking or wrong */
    TopicFacts prepare() {
        return prepare(PATIENCE);
    }

    TopicFacts prepare(Duration patience) {
        Deadline deadline = Deadline.in(patience);
        try (Admin admin = clients.openAdmin("setup")) {
            reach(admin, deadline);
            Map<String, TopicDescription> found = describe(admin, List.of(settings.lifecycle()), deadline);
            TopicDescription lifecycle = found.get(settings.lifecycle());
            int partitions = lifecycle == null
                    ? settings.partitions()
                    : lifecycle.partitions().size();
            List<Wanted> plan = TopicPlan.of(settings, partitions);
            found = complete(admin, plan, deadline);
            verify(plan, found);
            verifyCleanup(admin, plan, deadline);
            verifyTransactions(patience);
            return facts(found);
        }
    }

    private void reach(Admin admin, Deadline deadline) {
        while (true) {
            try {
                deadline.await(admin.describeCluster().clusterId());
                return;
            } catch (TimeoutException e) {
                if (deadline.isPassed()) {
                    throw new ClusterUnfit("Kafka cannot be reached by " + clients, e);
                }
                LOG.info("waiting for Kafka reason={}", e.getMessage());
            } catch (KafkaException e) {
                throw new ClusterUnfit("Kafka does not answer " + clients + ": " + e.getMessage(), e);
            }
        }
    }

    private Map<String, TopicDescription> complete(Admin admin, List<Wanted> plan, Deadline deadline) {
        List<String> names = plan.stream().map(Wanted::name).toList();
        while (true) {
            Map<String, TopicDescription> found = describe(admin, names, deadline);
            List<Wanted> missing = plan.stream()
                    .filter(topic -> !found.containsKey(topic.name()))
                    .toList();
            if (missing.isEmpty()) {
                return found;
            }
            if (deadline.isPassed()) {
                throw new ClusterUnfit("topics were made but cannot be seen: " + missing, null);
            }
            missing.forEach(topic -> create(admin, topic, deadline));
            deadline.pause();
        }
    }

    /** Another instance may be as fast, and a topic just made may be unknown to the node asked next. */
    private void create(Admin admin, Wanted topic, Deadline deadline) {
        try {
            deadline.await(admin.createTopics(List.of(topic.toCreate(settings.replicationFactor())))
                    .all());
            LOG.info(
                    "topic made name={} partitions={} compacted={}",
                    topic.name(),
                    topic.partitions(),
                    topic.compacted());
        } catch (TopicExistsException e) {
            LOG.debug("topic is there already name={}", topic.name());
        } catch (KafkaException e) {
            throw new ClusterUnfit(
                    "topic " + topic.name() + " is missing and cannot be made with " + topic.configuration() + ": "
                            + e.getMessage() + "; make it by hand, or permit the broker to",
                    e);
        }
    }

    private static void verify(List<Wanted> plan, Map<String, TopicDescription> found) {
        Wanted lifecycle = plan.getFirst();
        for (Wanted topic : plan) {
            TopicDescription is = found.get(topic.name());
            if (is == null || is.topicId().equals(Uuid.ZERO_UUID)) {
                throw new ClusterUnfit("the cluster lacks topic ids; Apache Kafka 2.8 or newer has them", null);
            }
            boolean counted = topic.compacted();
            if (counted && is.partitions().size() != topic.partitions()) {
                String like = topic.partitions() == 1 && lifecycle.partitions() != 1
                        ? "1 is needed"
                        : lifecycle.name() + " has " + lifecycle.partitions();
                throw new ClusterUnfit(
                        topic.name() + " has " + is.partitions().size() + " partitions, but " + like
                                + "; they must be equal, or users would be looked for in the wrong place",
                        null);
            }
        }
    }

    private static void verifyCleanup(Admin admin, List<Wanted> plan, Deadline deadline) {
        Map<ConfigResource, Wanted> resources = new HashMap<>();
        plan.forEach(topic -> resources.put(new ConfigResource(ConfigResource.Type.TOPIC, topic.name()), topic));
        try {
            deadline.await(admin.describeConfigs(resources.keySet()).all()).forEach((resource, configuration) -> {
                Wanted topic = resources.get(resource);
                var entry = configuration.get(TopicConfig.CLEANUP_POLICY_CONFIG);
                if (topic != null && entry != null) {
                    verifyCleanup(topic, entry.value());
                }
            });
        } catch (AuthorizationException e) {
            LOG.warn("topics' cleanup policies could not be checked reason={}", e.getMessage());
        }
    }

    private static void verifyCleanup(Wanted topic, String policy) {
        String needed = topic.compacted() ? TopicConfig.CLEANUP_POLICY_COMPACT : TopicConfig.CLEANUP_POLICY_DELETE;
        if (!needed.equals(policy)) {
            throw new ClusterUnfit(
                    topic.name() + " has " + TopicConfig.CLEANUP_POLICY_CONFIG + "=" + policy + ", but " + needed
                            + " is needed, or records would be lost",
                    null);
        }
    }

    private void verifyTransactions(Duration patience) {
        Map<String, Object> properties = clients.producer("setup");
        properties.put(ProducerConfig.TRANSACTIONAL_ID_CONFIG, clients.groupId() + "-setup-" + UUID.randomUUID());
        properties.put(ProducerConfig.MAX_BLOCK_MS_CONFIG, Math.toIntExact(patience.toMillis() / 2));
        try (Producer<byte[], byte[]> producer = new KafkaProducer<>(properties)) {
            producer.initTransactions();
        } catch (KafkaException e) {
            throw new ClusterUnfit(
                    "the cluster lacks transactions: " + e.getMessage()
                            + "; a cluster of few nodes needs transaction.state.log.replication.factor and"
                            + " transaction.state.log.min.isr to match, and a principal needs the right to write to"
                            + " transactional ids that begin with " + clients.groupId(),
                    e);
        }
    }

    private TopicFacts facts(Map<String, TopicDescription> found) {
        Map<String, TopicFacts.Topic> topics = new HashMap<>();
        found.forEach((name, is) -> topics.put(
                name,
                new TopicFacts.Topic(
                        name, is.topicId().toString(), is.partitions().size())));
        return new TopicFacts(
                of(topics, settings.lifecycle()),
                of(topics, settings.directory()),
                of(topics, settings.events()),
                of(topics, settings.deadLetters()),
                of(topics, settings.replayJobs()),
                of(topics, settings.createIntents()));
    }

    private static TopicFacts.Topic of(Map<String, TopicFacts.Topic> topics, String name) {
        TopicFacts.Topic topic = topics.get(name);
        if (topic == null) {
            throw new IllegalStateException(name);
        }
        return topic;
    }

    private Map<String, TopicDescription> describe(Admin admin, List<String> names, Deadline deadline) {
        Map<String, TopicDescription> found = new HashMap<>();
        admin.describeTopics(names).topicNameValues().forEach((name, description) -> {
            try {
                found.put(name, deadline.await(description));
            } catch (UnknownTopicOrPartitionException e) {
                LOG.debug("topic is missing name={}", name);
            } catch (TopicAuthorizationException e) {
                // Kafka does not tell such a principal which of the two it is
                throw new ClusterUnfit(
                        "topic " + name + " is missing, or not to be seen by " + clients
                                + ": make it and permit the broker to describe it, or permit the broker to make it",
                        e);
            } catch (UnsupportedVersionException e) {
                throw new ClusterUnfit("the cluster is too old: " + e.getMessage(), e);
            }
        });
        return found;
    }
}
