package io.tokenbroker.bench.load;

import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.NewTopic;

/** What was written before the broker first started from {@code latest}, and replays of it. */
final class History {

    private static final int PARTITIONS = 12;
    private static final long PATIENCE = TimeUnit.MINUTES.toNanos(10);

    private History() {}

    /** Makes the topic. */
    static void make(String bootstrapServers) throws InterruptedException, ExecutionException {
        try (Admin admin = Admin.create(Map.of("bootstrap.servers", bootstrapServers))) {
            NewTopic topic = new NewTopic(Events.INPUT, PARTITIONS, (short) 1).configs(Map.of("retention.ms", "-1"));
            admin.createTopics(List.of(topic)).all().get();
        }
    }

    /** One creation for each of so many users, whose ids begin with the prefix. */
    static void write(String bootstrapServers, String prefix, int users) {
        try (var producer = Events.producer(bootstrapServers)) {
            for (int i = 0; i < users; i++) {
                var unused = producer.send(Events.of(Events.CREATED, prefix + i));
            }
        }
    }

    /** The replay of those whose ids begin with the prefix. */
    static String request(String prefix) {
        return "{\"from\":\"earliest\",\"filter\":{\"prefix\":\"" + prefix + "\"}}";
    }

    /** How long the job took from the first it asked for to the end; returns when it is over. */
    static Duration applied(Broker broker, String job) throws IOException, InterruptedException {
        long limit = System.nanoTime() + PATIENCE;
        String now = broker.replay(job);
        while (!Broker.textOf(now, "state").equals("completed")) {
            if (System.nanoTime() > limit || Broker.textOf(now, "state").equals("failed")) {
                throw new IllegalStateException("the replay does not end: " + now);
            }
            TimeUnit.MILLISECONDS.sleep(50);
            now = broker.replay(job);
        }
        return Duration.between(enteredAt(now, "applying"), enteredAt(now, "completed"));
    }

    private static Instant enteredAt(String job, String state) {
        String history = job.substring(job.indexOf("\"history\""));
        return Instant.parse(Broker.textOf(history.substring(history.indexOf("\"" + state + "\"")), "on"));
    }
}
