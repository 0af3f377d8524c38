package io.tokenbroker.http;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;
import reactor.core.publisher.Flux;
import reactor.netty.ByteBufFlux;
import reactor.netty.http.client.HttpClient;
import reactor.netty.resources.ConnectionProvider;

class KeepAliveTest extends HttpEdgeFixture {

    @Test
    void aRefusalThatLeavesABodyUnreadDoesNotHoldUpTheNextRequest() {
        HttpClient client = HttpClient.create(ConnectionProvider.create("one", 1))
                .port(port)
                .responseTimeout(Duration.ofSeconds(10))
                .headers(headers -> headers.set("Authorization", "Bearer " + user("alice"))
                        .set("Content-Type", "application/json"));

        List<Integer> statuses = Flux.range(0, 100)
                .concatMap(i -> client.post()
                        .uri(i % 2 == 0 ? "/v1/users/bob/tokens" : "/v1/users/me/tokens")
                        .send(ByteBufFlux.fromString(Flux.just("{\"scopes\"", ":[\"chat\"]}")))
                        .responseSingle((answer, body) ->
                                body.asString().thenReturn(answer.status().code())))
                .collectList()
                .blockOptional(Duration.ofSeconds(60))
                .orElseThrow();

        assertThat(statuses).hasSize(100).containsOnly(403, 404);
    }
}
