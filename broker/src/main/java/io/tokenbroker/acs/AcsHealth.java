package io.tokenbroker.acs;

import org.springframework.boot.health.contributor.Health;
import org.springframework.boot.health.contributor.ReactiveHealthIndicator;
import reactor.core.publisher.Mono;

/** Health component {@code acs}: whether ACS can be used, and if not, why and since when. Makes no call of its own. */
final class AcsHealth implements ReactiveHealthIndicator {

    private final QuotaGovernor governor;

    AcsHealth(QuotaGovernor governor) {
        this.governor = governor;
    }

    @Override
    public Mono<Health> health() {
        return Mono.fromSupplier(() -> governor.outage().map(AcsHealth::outage).orElseGet(AcsHealth::up));
    }

    private static Health up() {
        return Health.up().withDetail("state", "up").build();
    }

    private static Health outage(Outage.Report why) {
        return Health.down()
                .withDetail("state", "outage")
                .withDetail("reason", why.message())
                .withDetail("code", why.code())
                .withDetail("since", why.since().toString())
                .build();
    }
}
