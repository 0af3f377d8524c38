package io.tokenbroker.tokens;

import java.time.Duration;
import java.time.Instant;
import java.util.function.DoubleSupplier;

/**
 * When a token is to be followed by the next. ACS's client SDKs begin to ask 10 minutes before a token ends, so the next
 * one comes before that; a token too short for it is followed when a tenth of its life is left. Each lease's moment is
 * spread over a quarter of that time, so that tokens issued together are not renewed together.
 */
final class Renewal {

    private static final Duration AHEAD = Duration.ofMinutes(11);
    private static final double SPREAD = 0.25;

    private final DoubleSupplier random;

    /** @param random from 0, included, to 1, excluded */
    Renewal(DoubleSupplier random) {
        this.random = random;
    }

    Instant of(Instant issuedOn, Instant expiresOn) {
        Duration life = Duration.between(issuedOn, expiresOn);
        Duration ahead = life.compareTo(AHEAD.multipliedBy(2)) > 0 ? AHEAD : life.dividedBy(10);
        long millis = (long) (ahead.toMillis() * (1 + SPREAD * random.getAsDouble()));
        return expiresOn.minusMillis(millis);
    }
}
