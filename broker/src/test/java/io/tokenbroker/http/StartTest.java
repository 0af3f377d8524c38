package io.tokenbroker.http;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.springframework.boot.WebApplicationType;
import org.springframework.boot.builder.SpringApplicationBuilder;
import org.springframework.context.ConfigurableApplicationContext;
import org.springframework.test.web.reactive.server.WebTestClient;

class StartTest {

    @Test
    void withoutAnIssuerTheStartFailsAndNamesTheSetting() {
        assertThatThrownBy(() -> run().close())
                .rootCause()
                .hasMessageContaining("tokenbroker.security.issuers is ''; allowed: at least one issuer");
    }

    @Test
    void metricsAreOpenOnAPortOfTheirOwn() {
        TestIssuer issuer = TestIssuer.start();
        try (ConfigurableApplicationContext context = run(
                "--tokenbroker.security.issuers[0].issuer-uri=" + issuer.uri(),
                "--tokenbroker.security.issuers[0].audiences=tokenbroker",
                "--management.server.port=0")) {
            String management = context.getEnvironment().getRequiredProperty("local.management.port");
            String main = context.getEnvironment().getRequiredProperty("local.server.port");

            assertThat(management).isNotEqualTo(main);
            forwarded(management, "/actuator/prometheus").isOk();
            forwarded(management, "/actuator/health").isOk();
            forwarded(main, "/actuator/prometheus").isUnauthorized();
        }
    }

    private static org.springframework.test.web.reactive.server.StatusAssertions forwarded(String port, String path) {
        return WebTestClient.bindToServer()
                .baseUrl("http://localhost:" + port)
                .responseTimeout(Duration.ofSeconds(30))
                .build()
                .get()
                .uri(path)
                .header("X-Forwarded-For", "203.0.113.9")
                .exchange()
                .expectStatus();
    }

    private static ConfigurableApplicationContext run(String... arguments) {
        String[] all = new String[arguments.length + 1];
        System.arraycopy(arguments, 0, all, 0, arguments.length);
        all[arguments.length] = "--server.port=0";
        return new SpringApplicationBuilder(HttpEdgeFixture.Edge.class)
                .web(WebApplicationType.REACTIVE)
                .run(all);
    }
}
