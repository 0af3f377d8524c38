package io.tokenbroker;

import io.tokenbroker.intake.Alias;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;

/**
 * How lifecycle events are taken, as set.
 *
 * @param firstToken whether a new identity of a live event comes with a first token
 * @param aliases upstream's own names for the broker's event types
 */
@ConfigurationProperties("tokenbroker.lifecycle")
record LifecycleProperties(
        @DefaultValue("true") boolean firstToken, @Nullable List<Alias> aliases) {

    LifecycleProperties {
        aliases = aliases == null ? List.of() : List.copyOf(aliases);
    }

    List<Alias> allAliases() {
        return aliases == null ? List.of() : aliases;
    }
}
