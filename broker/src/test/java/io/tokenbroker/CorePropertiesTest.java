package io.tokenbroker;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.tokenbroker.tokens.TokenPermission;
import io.tokenbroker.tokens.TokenPolicy;
import java.util.HashMap;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.springframework.boot.context.properties.bind.Binder;
import org.springframework.boot.context.properties.source.MapConfigurationPropertySource;

class CorePropertiesTest {

    private final Map<String, String> properties = new HashMap<>();

    @Test
    void everythingHasADefault() {
        TokenProperties tokens = bind("tokens", TokenProperties.class);
        PipelineProperties pipeline = bind("pipeline", PipelineProperties.class);
        LifecycleProperties lifecycle = bind("lifecycle", LifecycleProperties.class);

        assertThat(tokens.policy().defaultScopes()).isEqualTo(Set.of("chat", "voip"));
        assertThat(tokens.policy().defaultLifetimeMinutes()).isEqualTo(1440);
        assertThat(tokens.policy().self()).isEqualTo(TokenPermission.ALL);
        assertThat(tokens.policy().tokensIssue()).isEqualTo(TokenPermission.ALL);
        assertThat(tokens.maxPerUserPerMinute()).isEqualTo(10);
        assertThat(pipeline.toSettings().commitInterval()).hasMillis(10);
        assertThat(pipeline.maxInFlight()).isEqualTo(500);
        assertThat(lifecycle.firstToken()).isTrue();
        assertThat(lifecycle.allAliases()).isEmpty();
    }

    @ParameterizedTest
    @CsvSource({
        "tokens, default-scopes, sms",
        "tokens, default-lifetime, 2d",
        "tokens, max-per-user-per-minute, 0",
        "tokens, permitted.self.scopes, sms",
        "tokens, permitted.self.scopes, ''",
        "tokens, permitted.self.max-lifetime, 59m",
        "tokens, permitted.tokens-issue.scopes, 'chat,sms'",
        "tokens, permitted.tokens-issue.max-lifetime, 25h",
        "pipeline, max-admitted, 99",
        "pipeline, max-in-flight, 0",
        "pipeline, commit-interval, 2s",
        "pipeline, drain-timeout, 1m",
        "pipeline, retry.max-attempts, 0",
        "pipeline, retry.first-backoff, 1ms",
        "pipeline, retry.max-backoff, 1h",
    })
    void aValueOutOfBoundsStopsTheStartAndIsNamedWithWhatIsAllowed(String group, String setting, String value) {
        properties.put("tokenbroker." + group + "." + setting, value);

        assertThatThrownBy(() -> {
                    bind("tokens", TokenProperties.class);
                    bind("pipeline", PipelineProperties.class);
                })
                .hasRootCauseInstanceOf(IllegalArgumentException.class)
                .rootCause()
                .hasMessageContaining("tokenbroker." + group + "." + setting)
                .hasMessageContaining("; allowed: ");
    }

    @Test
    void whatIsPermittedIsBoundByTheRightItIsAskedFor() {
        properties.put("tokenbroker.tokens.permitted.self.scopes", "chat");
        properties.put("tokenbroker.tokens.permitted.tokens-issue.max-lifetime", "2h");

        TokenPolicy policy = bind("tokens", TokenProperties.class).policy();

        assertThat(policy.self()).isEqualTo(new TokenPermission(Set.of("chat"), 1440));
        assertThat(policy.tokensIssue()).isEqualTo(new TokenPermission(TokenPolicy.SCOPES, 120));
    }

    @Test
    void anAliasIsBoundByItsParts() {
        properties.put("tokenbroker.lifecycle.aliases[0].type", "com.contoso.user.registered");
        properties.put("tokenbroker.lifecycle.aliases[0].as", "tokenbroker.user.created.v1");
        properties.put("tokenbroker.lifecycle.aliases[0].user-id-from", "/data/user/id");

        assertThat(bind("lifecycle", LifecycleProperties.class).allAliases())
                .singleElement()
                .satisfies(alias -> assertThat(alias.userIdFrom()).isEqualTo("/data/user/id"));
    }

    private <T> T bind(String group, Class<T> type) {
        return new Binder(new MapConfigurationPropertySource(properties)).bindOrCreate("tokenbroker." + group, type);
    }
}
