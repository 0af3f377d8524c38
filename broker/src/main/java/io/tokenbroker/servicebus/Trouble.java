package io.tokenbroker.servicebus;

import java.util.Optional;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Why nothing goes in or out at present, said once in the log when it begins and when it ends. */
final class Trouble {

    private static final Logger LOG = LoggerFactory.getLogger(Trouble.class);

    private final String what;
    private final AtomicReference<@Nullable String> reason = new AtomicReference<>();

    Trouble(String what) {
        this.what = what;
    }

    void because(String why) {
        if (!why.equals(reason.getAndSet(why))) {
            LOG.atWarn().addKeyValue("reason", why).log("Service Bus, {}: waiting", what);
        }
    }

    void over() {
        if (reason.getAndSet(null) != null) {
            LOG.info("Service Bus, {}: going on", what);
        }
    }

    Optional<String> now() {
        return Optional.ofNullable(reason.get());
    }
}
