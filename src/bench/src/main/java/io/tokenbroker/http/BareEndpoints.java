package io.tokenbroker.http;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.tokenbroker.bench.harness.Options;
import java.time.Clock;
import java.time.Duration;
import java.util.Map;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.springframework.boot.SpringApplication;
import org.springframework.boot.SpringBootConfiguration;
import org.springframework.boot.autoconfigure.EnableAutoConfiguration;
import org.springframework.boot.context.properties.EnableConfigurationProperties;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Import;
import org.springframework.http.MediaType;
import org.springframework.http.codec.ServerSentEvent;
import org.springframework.web.reactive.function.BodyInserters;
import org.springframework.web.reactive.function.server.RouterFunction;
import org.springframework.web.reactive.function.server.RouterFunctions;
import org.springframework.web.reactive.function.server.ServerResponse;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Sinks;

/**
 * What WebFlux alone does: the same answers behind the same security, by endpoints that know nothing. One gives the same
 * token to everybody; the other tells everybody what comes into {@code token-events}, from now on and with no way back.
 */
@SpringBootConfiguration(proxyBeanMethods = false)
@EnableAutoConfiguration
@EnableConfigurationProperties(SecuritySettings.class)
@Import({SecurityConfiguration.class, Issuers.class, ProblemWriter.class, ProblemHandler.class})
public class BareEndpoints {

    private static final String TOPIC = "token-events";
    private static final Duration HEARTBEAT = Duration.ofSeconds(15);

    /** Options: {@code --port= --issuer= --kafka= --answer=}, the answer being the body of every token. */
    @SuppressWarnings("SystemOut") // whoever started this waits for the line
    public static void main(String[] arguments) {
        Options options = Options.parse(arguments, Map.of("port", "0", "issuer", "", "kafka", "", "answer", "{}"));
        new SpringApplication(BareEndpoints.class)
                .run(
                        "--server.port=" + options.number("port"),
                        "--server.address=127.0.0.1",
                        "--tokenbroker.security.issuers[0].issuer-uri=" + options.text("issuer"),
                        "--tokenbroker.security.issuers[0].audiences[0]=tokenbroker",
                        "--bare.kafka=" + options.text("kafka"),
                        "--bare.answer=" + options.text("answer"));
        System.out.println("ready");
    }

    @Bean
    Clock clock() {
        return Clock.systemUTC();
    }

    @Bean
    RouterFunction<ServerResponse> bare(org.springframework.core.env.Environment environment) {
        String answer = environment.getRequiredProperty("bare.answer");
        Flux<ServerSentEvent<String>> events = announcements(environment.getRequiredProperty("bare.kafka"));
        Flux<ServerSentEvent<String>> beats = Flux.interval(HEARTBEAT)
                .map(beat ->
                        ServerSentEvent.<String>builder().comment("heartbeat").build())
                .onBackpressureDrop()
                .publish()
                .autoConnect();
        return RouterFunctions.route()
                .POST(
                        "/v1/users/{id}/tokens",
                        request -> request.bodyToMono(String.class)
                                .then(ServerResponse.ok()
                                        .contentType(MediaType.APPLICATION_JSON)
                                        .bodyValue(answer)))
                .GET(
                        "/v1/token-events",
                        request -> ServerResponse.ok()
                                .contentType(MediaType.TEXT_EVENT_STREAM)
                                .body(BodyInserters.fromServerSentEvents(Flux.merge(events, beats))))
                .build();
    }

    private static Flux<ServerSentEvent<String>> announcements(String kafka) {
        Sinks.Many<ServerSentEvent<String>> sink = Sinks.many().multicast().directBestEffort();
        Thread.ofPlatform().daemon().name("announcements").start(() -> {
            Map<String, Object> settings = Map.of("bootstrap.servers", kafka, "isolation.level", "read_committed");
            try (var consumer =
                    new KafkaConsumer<>(settings, new ByteArrayDeserializer(), new ByteArrayDeserializer())) {
                consumer.assign(consumer.partitionsFor(TOPIC).stream()
                        .map(found -> new TopicPartition(TOPIC, found.partition()))
                        .toList());
                consumer.seekToEnd(consumer.assignment());
                while (true) {
                    for (ConsumerRecord<byte[], byte[]> record : consumer.poll(Duration.ofSeconds(1))) {
                        sink.emitNext(event(record), Sinks.EmitFailureHandler.FAIL_FAST);
                    }
                }
            }
        });
        return sink.asFlux();
    }

    /** In as many bytes as the broker tells it. */
    private static ServerSentEvent<String> event(ConsumerRecord<byte[], byte[]> record) {
        String type = text(record, "ce_type");
        String data = """
                {"specversion":"1.0","id":"%s","source":"%s","type":"%s","subject":"%s","time":"%s",\
                "datacontenttype":"application/json","dataschema":"%s","data":%s}""".formatted(
                        text(record, "ce_id"),
                        text(record, "ce_source"),
                        type,
                        text(record, "ce_subject"),
                        text(record, "ce_time"),
                        text(record, "ce_dataschema"),
                        new String(record.value(), UTF_8));
        return ServerSentEvent.<String>builder()
                .id(record.partition() + "-" + record.offset())
                .event(type)
                .data(data)
                .build();
    }

    private static String text(ConsumerRecord<byte[], byte[]> record, String header) {
        return new String(record.headers().lastHeader(header).value(), UTF_8);
    }
}
