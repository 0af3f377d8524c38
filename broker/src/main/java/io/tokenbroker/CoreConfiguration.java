package io.tokenbroker;

import io.micrometer.core.instrument.MeterRegistry;
import io.tokenbroker.directory.CreateIntents;
import io.tokenbroker.directory.DirectoryView;
import io.tokenbroker.intake.Intake;
import io.tokenbroker.lifecycle.IdentityOwnership;
import io.tokenbroker.lifecycle.Rules;
import io.tokenbroker.lifecycle.TokenDefaults;
import io.tokenbroker.pipeline.IdentityCalls;
import io.tokenbroker.pipeline.Pipeline;
import io.tokenbroker.tokens.TokenPolicy;
import java.time.Clock;
import org.springframework.boot.context.properties.EnableConfigurationProperties;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import reactor.core.scheduler.Scheduler;
import reactor.core.scheduler.Schedulers;

/** Puts the features together, which know no framework themselves. The edges put themselves together. */
@Configuration(proxyBeanMethods = false)
@EnableConfigurationProperties({PipelineProperties.class, LifecycleProperties.class})
class CoreConfiguration {

    @Bean
    Clock clock() {
        return Clock.systemUTC();
    }

    @Bean
    DirectoryView directoryView() {
        return new DirectoryView();
    }

    @Bean
    CreateIntents createIntents() {
        return new CreateIntents();
    }

    @Bean
    Intake intake(LifecycleProperties lifecycle) {
        return new Intake(lifecycle.allAliases());
    }

    @Bean
    Rules rules(LifecycleProperties lifecycle, TokenPolicy tokens, IdentityOwnership ownership) {
        return new Rules(
                new TokenDefaults(lifecycle.firstToken(), tokens.defaultScopes(), tokens.defaultLifetimeMinutes()),
                ownership);
    }

    /** Apart from the event loops and from the calls, so that neither can hold up a commit. */
    @Bean(destroyMethod = "dispose")
    Scheduler pipelineScheduler() {
        return Schedulers.newParallel(
                "pipeline", Math.max(2, Runtime.getRuntime().availableProcessors()));
    }

    @Bean
    Pipeline pipeline(
            Rules rules,
            DirectoryView directory,
            CreateIntents intents,
            IdentityCalls calls,
            PipelineProperties settings,
            MeterRegistry registry,
            Clock clock,
            Scheduler pipelineScheduler) {
        return new Pipeline(
                rules, directory, intents, calls, settings.toSettings(), registry, clock, pipelineScheduler);
    }
}
