package io.tokenbroker.http;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;
import org.springframework.http.HttpHeaders;
import org.springframework.mock.http.server.reactive.MockServerHttpRequest;
import org.springframework.mock.web.server.MockServerWebExchange;
import reactor.core.publisher.Mono;
import tools.jackson.databind.json.JsonMapper;

class CorsFilterTest {

    @Test
    void whereEveryOriginMayCallNoneIsAllowedCredentials() {
        var filter = new CorsFilter(new CorsSettings(List.of("*")), new ProblemWriter(JsonMapper.shared()));
        var exchange = MockServerWebExchange.from(
                MockServerHttpRequest.get("https://broker.example/v1/users").header("Origin", "https://any.example"));

        filter.filter(exchange, passed -> Mono.empty()).block();

        HttpHeaders headers = exchange.getResponse().getHeaders();
        assertThat(headers.getAccessControlAllowOrigin()).isEqualTo("*");
        assertThat(headers.containsHeader("Access-Control-Allow-Credentials")).isFalse();
    }
}
