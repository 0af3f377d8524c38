package io.tokenbroker.kafka;

import org.jspecify.annotations.Nullable;

/** The broker cannot run on this cluster as it is; the message says why and what to do. */
final class ClusterUnfit extends RuntimeException {

    private static final long serialVersionUID = 1L;

    ClusterUnfit(String message, @Nullable Throwable cause) {
        super(message, cause);
    }
}
