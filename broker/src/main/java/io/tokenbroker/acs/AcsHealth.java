package io.tokenbroker.acs;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.springframework.boot.health.contributor.Health;
import org.springframework.boot.health.contributor.ReactiveHealthIndicator;
import reactor.core.publisher.Mono;

/**
 * Health component {@code acs}: whether ACS can be used, and if not, which resource is away, why and since when. It is
 * down with the current resource only: while a retiring one is away, callers are served. Makes no call of its own.
 */
final class AcsHealth implements ReactiveHealthIndicator {

    private final QuotaGovernor governor;

    AcsHealth(QuotaGovernor governor) {
        this.governor = governor;
    }

    @Override
    public Mono<Health> health() {
        return Mono.fromSupplier(() -> {
            Health.Builder health = governor.outage().map(AcsHealth::outage).orElseGet(AcsHealth::up);
            List<Map<String, String>> retiring =
                    governor.outagesOfRetiring().stream().map(AcsHealth::said).toList();
            return retiring.isEmpty()
                    ? health.build()
                    : health.withDetail("retiring", retiring).build();
        });
    }

    private static Health.Builder up() {
        return Health.up().withDetail("state", "up");
    }

    private static Health.Builder outage(Outage.Report why) {
        return Health.down().withDetail("state", "outage").withDetails(said(why));
    }

    private static Map<String, String> said(Outage.Report why) {
        Map<String, String> said = new LinkedHashMap<>();
        said.put("resource", why.resource().host());
        said.put("reason", why.message());
        said.put("code", why.code());
        said.put("since", why.since().toString());
        return said;
    }
}
