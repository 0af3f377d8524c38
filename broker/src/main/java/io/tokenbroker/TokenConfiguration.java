package io.tokenbroker;

import io.micrometer.core.instrument.Gauge;
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
import java.time.Duration;
import java.util.stream.LongStream;
import org.springframework.boot.context.properties.EnableConfigurationProperties;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import reactor.core.scheduler.Schedulers;

/** Puts the issuing of tokens together, which knows no framework itself. */
@Configuration(proxyBeanMethods = false)
@EnableConfigurationProperties(TokenProperties.class)
class TokenConfiguration {

    private static final Duration[] REVOCATIONS = LongStream.of(10, 25, 50, 100, 250, 500, 1_000, 5_000, 30_000)
            .mapToObj(Duration::ofMillis)
            .toArray(Duration[]::new);

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
        Gauge.builder("tokenbroker.tokens.leases", leasing, TokenLeasing::leases)
                .description("Tokens held to be handed out again")
                .register(meters);
        return leasing;
    }

    @Bean
    TokenFollowing tokenFollowing(DirectoryView view, TokenLeasing leasing, MeterRegistry meters, Clock clock) {
        Timer toldVoid = Timer.builder("tokenbroker.tokens.revocation")
                .description("Time from the decision that tokens are void to a stream of their user being told")
                .serviceLevelObjectives(REVOCATIONS)
                .register(meters);
        return new TokenFollowing(view, leasing, clock, Schedulers.parallel(), toldVoid::record);
    }

    @Bean
    TeamsExchange teamsExchange(TeamsTokens acs, OutcomeLog outcomes, TokenProperties settings, Clock clock) {
        return new TeamsExchange(acs, outcomes, settings.maxPerUserPerMinute(), clock);
    }
}
