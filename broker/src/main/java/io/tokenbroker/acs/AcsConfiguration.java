package io.tokenbroker.acs;

import com.github.benmanes.caffeine.cache.Ticker;
import io.micrometer.core.instrument.MeterRegistry;
import io.tokenbroker.directory.DirectoryView;
import io.tokenbroker.lifecycle.IdentityOwnership;
import io.tokenbroker.pipeline.IdentityCalls;
import io.tokenbroker.replay.Calls;
import io.tokenbroker.replay.RetiringResources;
import io.tokenbroker.tokens.FirstTokens;
import io.tokenbroker.traces.Traces;
import java.time.Clock;
import java.util.concurrent.ThreadLocalRandom;
import org.springframework.beans.factory.annotation.Value;
import org.springframework.boot.context.properties.EnableConfigurationProperties;
import org.springframework.boot.health.contributor.ReactiveHealthIndicator;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import reactor.core.scheduler.Schedulers;

/** Puts the ACS edge together. */
@Configuration(proxyBeanMethods = false)
@EnableConfigurationProperties(AcsSettings.class)
class AcsConfiguration {

    @Bean
    SdkClients acsClients(AcsSettings settings, @Value("${tokenbroker.pipeline.max-in-flight:500}") int maxInFlight) {
        return new SdkClients(settings.checked(), maxInFlight);
    }

    @Bean
    IdentityApi acsIdentityApi(SdkClients clients, AcsSettings settings, Clock clock) {
        return new IdentityApi(settings.allResources().stream()
                .map(resource -> {
                    ResourceName name = ResourceName.of(resource);
                    return new AcsResource(
                            name,
                            clients.client(resource),
                            new FaultClassifier(name.current(), clock),
                            resource.resourceId(),
                            settings.callTimeout());
                })
                .toList());
    }

    @Bean
    QuotaGovernor acsQuotaGovernor(
            AcsSettings settings,
            @Value("${tokenbroker.pipeline.max-in-flight:500}") int maxInFlight,
            Clock clock,
            MeterRegistry registry) {
        return new QuotaGovernor(
                settings.checked().quota().byOperation(),
                maxInFlight,
                Schedulers.parallel(),
                System::nanoTime,
                clock,
                () -> ThreadLocalRandom.current().nextDouble(),
                new GovernorMeters(registry));
    }

    @Bean
    IdentityCalls acsIdentityCalls(
            IdentityApi api, QuotaGovernor governor, FirstTokens firstTokens, Clock clock, Traces traces) {
        return new GovernedIdentityCalls(api, governor, firstTokens, clock, traces);
    }

    @Bean
    IdentityOwnership acsIdentityOwnership(IdentityApi api, DirectoryView directory) {
        return new Adoptions(api::isForeign, directory, Ticker.systemTicker());
    }

    @Bean
    RetiringResources acsRetiringResources(IdentityApi api) {
        return api.retiring();
    }

    @Bean
    Calls.Quota acsQuota(AcsSettings settings) {
        AcsSettings.Quota quota = settings.checked().quota();
        return kind -> switch (kind) {
            case CREATE -> quota.create();
            case CREATE_USER_AND_TOKEN -> quota.createUserAndToken();
            case REVOKE -> quota.revoke();
            case DELETE -> quota.delete();
        };
    }

    @Bean
    GovernedAccessTokens acsAccessTokens(IdentityApi api, QuotaGovernor governor) {
        return new GovernedAccessTokens(api, governor);
    }

    @Bean
    ReactiveHealthIndicator acsHealthIndicator(QuotaGovernor governor) {
        return new AcsHealth(governor);
    }
}
