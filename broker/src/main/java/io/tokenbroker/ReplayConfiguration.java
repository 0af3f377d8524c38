package io.tokenbroker;

import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import io.tokenbroker.directory.DirectoryView;
import io.tokenbroker.lifecycle.Rules;
import io.tokenbroker.replay.Calls;
import io.tokenbroker.replay.Ground;
import io.tokenbroker.replay.History;
import io.tokenbroker.replay.JobBook;
import io.tokenbroker.replay.JobDesk;
import io.tokenbroker.replay.JobLog;
import io.tokenbroker.replay.Letters;
import io.tokenbroker.replay.Progress;
import io.tokenbroker.replay.Replays;
import io.tokenbroker.replay.RetiringResources;
import java.time.Clock;
import java.util.function.ToLongFunction;
import org.springframework.boot.context.properties.EnableConfigurationProperties;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;

/** Puts replays together, which know no framework themselves. */
@Configuration(proxyBeanMethods = false)
@EnableConfigurationProperties(ReplayProperties.class)
class ReplayConfiguration {

    @Bean
    JobBook jobBook(MeterRegistry meters) {
        JobBook book = new JobBook();
        show(meters, book, "tokenbroker.replay.users", Progress::total, "Users the replays under way change");
        show(meters, book, "tokenbroker.replay.remaining", Progress::remaining, "Of them, those that are not done");
        show(meters, book, "tokenbroker.replay.outstanding", Progress::outstanding, "Of these, those asked for");
        return book;
    }

    private static void show(
            MeterRegistry meters, JobBook book, String name, ToLongFunction<Progress> figure, String description) {
        Gauge.builder(name, book, jobs -> sum(jobs, figure))
                .description(description)
                .register(meters);
    }

    private static double sum(JobBook jobs, ToLongFunction<Progress> figure) {
        return jobs.all().stream()
                .filter(job -> !job.state().isOver())
                .mapToLong(job -> job.progress() == null ? 0 : figure.applyAsLong(job.progress()))
                .sum();
    }

    @Bean
    JobDesk jobDesk(
            History history,
            Letters letters,
            Rules rules,
            DirectoryView directory,
            Calls.Quota quota,
            RetiringResources resources,
            Clock clock,
            ReplayProperties replay,
            PipelineProperties pipeline,
            JobBook book) {
        // live events must find room
        int window = Math.min(replay.window(), pipeline.maxAdmitted() / 2);
        return new JobDesk(
                new Ground(history, letters, rules, directory, quota, resources, clock, window),
                book,
                replay.keepJobs());
    }

    @Bean
    Replays replays(JobBook book, JobLog log, Clock clock) {
        return new Replays(book, log, clock);
    }
}
