package io.tokenbroker.architecture.broken.kafka.http;

/** Breaks a rule on purpose. */
public final class KnowsKafka {
    Class<?> theirs() {
        return org.apache.kafka.clients.producer.KafkaProducer.class;
    }
}
