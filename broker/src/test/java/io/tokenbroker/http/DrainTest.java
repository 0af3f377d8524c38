package io.tokenbroker.http;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.tokenbroker.events.IdentityProvisioned;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.context.ConfigurableApplicationContext;
import org.springframework.test.annotation.DirtiesContext;

@DirtiesContext
class DrainTest extends HttpEdgeFixture {

    @Autowired
    ConfigurableApplicationContext application;

    @Autowired
    SseStreams streams;

    @Test
    void aShutdownWaitsNeitherForOpenStreamsNorForOneThatNobodyReads() {
        List<RawStream> open = new ArrayList<>();
        for (int i = 0; i < 20; i++) {
            open.add(RawStream.open(port, "/v1/token-events", user("leaving-" + i), 4_096));
        }
        RawStream stalled = RawStream.open(port, "/v1/token-events", ISSUER.token("r", Role.EVENTS_READ), 4_096);
        stalled.readUntil("started");
        await().atMost(Duration.ofSeconds(20)).until(() -> streams.open() == 21);
        for (int i = 0; i < 3_000; i++) {
            feed.announce(new IdentityProvisioned("user-" + i, "x".repeat(900)));
        }

        long begun = System.nanoTime();
        application.close();
        Duration took = Duration.ofNanos(System.nanoTime() - begun);

        assertThat(took).isLessThan(Duration.ofSeconds(3));
        assertThat(open).allSatisfy(stream -> assertThat(stream.readToTheEnd()).contains("event:drain", "retry:"));
        open.forEach(RawStream::close);
        stalled.close();
    }
}
