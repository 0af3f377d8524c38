package io.tokenbroker.http;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.tokenbroker.events.IdentityProvisioned;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.springframework.boot.builder.SpringApplicationBuilder;
import org.springframework.context.ConfigurableApplicationContext;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.http.client.ReactorResourceFactory;

class DrainTest {

    private static final Duration LONG = Duration.ofSeconds(20);

    @Configuration(proxyBeanMethods = false)
    static class Threads {

        /** Of this instance alone, as other tests go on after it has stopped; and without a pause at their end. */
        @Bean
        ReactorResourceFactory reactorResources() {
            ReactorResourceFactory resources = new ReactorResourceFactory();
            resources.setUseGlobalResources(false);
            resources.setShutdownQuietPeriod(Duration.ZERO);
            return resources;
        }
    }

    @Test
    void aShutdownWaitsNeitherForOpenStreamsNorForOneThatNobodyReads() {
        ConfigurableApplicationContext instance = started();
        int port = instance.getEnvironment().getRequiredProperty("local.server.port", Integer.class);
        InMemoryOutcomeFeed feed = instance.getBean(InMemoryOutcomeFeed.class);
        SseStreams streams = instance.getBean(SseStreams.class);
        List<RawStream> open = new ArrayList<>();
        for (int i = 0; i < 20; i++) {
            String user = HttpEdgeFixture.ISSUER.token("leaving-" + i);
            open.add(RawStream.open(port, "/v1/token-events", user, 4_096));
        }
        String reader = HttpEdgeFixture.ISSUER.token("reader", Role.EVENTS_READ);
        RawStream stalled = RawStream.open(port, "/v1/token-events", reader, 4_096);
        stalled.readUntil("started");
        await().atMost(LONG).until(() -> streams.open() == 21);
        for (int i = 0; i < 3_000; i++) {
            feed.announce(new IdentityProvisioned("user-" + i, "x".repeat(900)));
        }

        long begun = System.nanoTime();
        instance.close();
        Duration took = Duration.ofNanos(System.nanoTime() - begun);

        assertThat(took)
                .as("less than the 15 s that open streams would be waited for")
                .isLessThan(Duration.ofSeconds(10));
        assertThat(open).allSatisfy(stream -> assertThat(stream.readToTheEnd()).contains("event:drain", "retry:"));
        open.forEach(RawStream::close);
        stalled.close();
    }

    private static ConfigurableApplicationContext started() {
        return new SpringApplicationBuilder(HttpEdgeFixture.Edge.class, Threads.class)
                .run(
                        "--server.port=0",
                        "--tokenbroker.sse.heartbeat=30s",
                        "--tokenbroker.security.issuers[0].issuer-uri=" + HttpEdgeFixture.ISSUER.uri(),
                        "--tokenbroker.security.issuers[0].audiences[0]=" + TestIssuer.AUDIENCE);
    }
}
