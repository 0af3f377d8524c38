package io.tokenbroker.intake;

import java.net.URI;
import java.net.URISyntaxException;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;

/**
 * The {@code source}s of events, each parsed once: there are few of them, and to parse one takes about a fifth of the time
 * that reading an event does. Bounded, and thread-safe.
 */
final class KnownSources {

    private static final int MOST = 1_000;
    private static final Map<String, URI> KNOWN = new ConcurrentHashMap<>();

    private KnownSources() {}

    /** {@code null} for what is no URI reference, or an empty one. */
    static @Nullable URI parse(String source) {
        URI known = KNOWN.get(source);
        if (known != null || source.isEmpty()) {
            return known;
        }
        try {
            URI parsed = new URI(source);
            if (KNOWN.size() < MOST) {
                KNOWN.put(source, parsed);
            }
            return parsed;
        } catch (URISyntaxException notUri) {
            return null;
        }
    }
}
