package io.tokenbroker.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.apache.kafka.clients.producer.ProducerConfig;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** How flat memory stays is measured by {@code src/bench/backlog}; here it is enough that it does not run out. */
@TakesMinutes
@Timeout(240)
class BacklogIT {

    private static final int HEAP_MEGABYTES = 128;
    private static final int EVENTS = 14_000;
    /** So many that the last record of each, which the broker holds until ACS has answered, would fill the heap. */
    private static final int USERS = 7_000;

    private static final int BYTES_EACH = 10_000;

    @Test
    void aBacklogLargerThanTheHeapIsWorkedOff() {
        try (Stack stack = Stack.start(BacklogIT.class, "--quota=none")) {
            BrokerProcess broker = stack.starting(Stack.NO_QUOTA, List.of("-Xmx" + HEAP_MEGABYTES + "m"))
                    .awaitReady();
            broker.stop();
            stack.emulator().faults("{\"latencyMs\":{\"fixed\":20}}");

            long bytes = write(stack);
            assertThat(bytes).as("what waits").isGreaterThan(HEAP_MEGABYTES * 1024L * 1024);
            broker.startAgain().awaitReady();

            Oracle.awaitAgreement(
                    stack,
                    stack.admin(broker),
                    Duration.ofMinutes(2),
                    oracle -> assertThat(oracle.log().wanted()).hasSize(USERS));
            assertThat(Topic.read(stack.kafka(), Topic.DEAD_LETTERS)).isEmpty();
        }
    }

    private static long write(Stack stack) {
        String data = "{\"padding\":\"" + "x".repeat(BYTES_EACH) + "\"}";
        try (var producer = stack.producer(Map.of(ProducerConfig.LINGER_MS_CONFIG, 5))) {
            for (int i = 0; i < EVENTS; i++) {
                var event = UserEvent.created("user-" + i % USERS).withData(data);
                var sent = producer.send(event.binary());
                if (i % 1_000 == 0) {
                    Stack.join(sent);
                }
            }
        }
        return (long) EVENTS * data.length();
    }
}
