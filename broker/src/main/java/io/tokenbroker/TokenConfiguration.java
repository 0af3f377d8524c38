package io.tokenbroker;

import io.tokenbroker.directory.ConfirmedDirectory;
import io.tokenbroker.outcomes.OutcomeLog;
import io.tokenbroker.tokens.AccessTokens;
import io.tokenbroker.tokens.TokenIssuing;
import io.tokenbroker.tokens.TokenPolicy;
import java.time.Clock;
import org.springframework.boot.context.properties.EnableConfigurationProperties;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;

/** Puts the issuing of tokens together, which knows no framework itself. */
@Configuration(proxyBeanMethods = false)
@EnableConfigurationProperties(TokenProperties.class)
class TokenConfiguration {

    @Bean
    TokenPolicy tokenPolicy(TokenProperties settings) {
        return settings.policy();
    }

    @Bean
    TokenIssuing tokenIssuing(
            ConfirmedDirectory directory,
            AccessTokens acs,
            OutcomeLog outcomes,
            TokenPolicy policy,
            TokenProperties settings,
            Clock clock) {
        return new TokenIssuing(directory, acs, outcomes, policy, settings.maxPerUserPerMinute(), clock);
    }
}
