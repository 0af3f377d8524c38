package io.tokenbroker;

import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Timer;
import io.tokenbroker.directory.ConfirmedDirectory;
import io.tokenbroker.directory.DirectoryView;
import io.tokenbroker.directory.RecentDirectory;
import io.tokenbroker.outcomes.OutcomeLog;
import io.tokenbroker.tokens.AccessTokens;
import io.tokenbroker.tokens.FirstTokens;
import io.tokenbroker.tokens.TeamsExchange;
import io.tokenbroker.tokens.TeamsTokens;
import io.tokenbroker.tokens.TokenFollowing;
import io.tokenbroker.tokens.TokenLeasing;
import io.tokenbroker.tokens.TokenPolicy;
import java.time.Clock;
import org.springframework.boot.context.properties.EnableConfigurationProperties;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import reactor.core.scheduler.Schedulers;

/** Puts the issuing of tokens together, which knows no framework itself. */
@Configuration(proxyBeanMethods = false)
@EnableConfigurationProperties(TokenProperties.class)
class TokenConfiguration {

    @Bean
    TokenPolicy tokenPolicy(TokenProperties settings) {
        return settings.policy();
    }

    @Bean
    FirstTokens firstTokens(TokenProperties settings, Clock clock) {
        return new FirstTokens(settings.limits().most(), clock);
    }

    @Bean
    TokenLeasing tokenLeasing(
            ConfirmedDirectory directory,
            RecentDirectory recent,
            DirectoryView view,
            AccessTokens acs,
            FirstTokens firstTokens,
            OutcomeLog outcomes,
            TokenPolicy policy,
            TokenProperties settings,
            MeterRegistry meters,
            Clock clock) {
        var leasing = new TokenLeasing(directory, recent, acs, firstTokens, outcomes, policy, settings.limits(), clock);
        view.listen(leasing::changed);
        meters.gauge("tokenbroker.tokens.leases", leasing, TokenLeasing::leases);
        return leasing;
    }

    @Bean
    TokenFollowing tokenFollowing(DirectoryView view, TokenLeasing leasing, MeterRegistry meters, Clock clock) {
        Timer toldVoid = meters.timer("tokenbroker.tokens.revocation");
        return new TokenFollowing(view, leasing, clock, Schedulers.parallel(), toldVoid::record);
    }

    @Bean
    TeamsExchange teamsExchange(TeamsTokens acs, OutcomeLog outcomes, TokenProperties settings, Clock clock) {
        return new TeamsExchange(acs, outcomes, settings.maxPerUserPerMinute(), clock);
    }
}
