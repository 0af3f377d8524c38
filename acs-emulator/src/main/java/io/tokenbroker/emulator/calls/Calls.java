package io.tokenbroker.emulator.calls;

import java.time.Instant;
import java.util.concurrent.atomic.AtomicBoolean;
import org.jspecify.annotations.Nullable;

/** Every call that comes: counted, and told to the call log where there is one. */
public final class Calls implements AutoCloseable {
    private final CallCounts counts = new CallCounts();
    private final @Nullable CallLog log;

    /** @param log closed with this; null for none */
    public Calls(@Nullable CallLog log) {
        this.log = log;
    }

    /** A call has come. */
    public Call begin(Operation operation, String requestId, String identityId) {
        return new Call(operation, requestId, identityId);
    }

    /** The counts as JSON, by operation. */
    public String json() {
        return counts.json();
    }

    @Override
    public void close() {
        if (log != null) {
            log.close();
        }
    }

    /** A call in flight. It ends once; what comes later is not heard. */
    public final class Call {
        private final Operation operation;
        private final String requestId;
        private final String identityId;
        private final CallCounts.Call counted;
        private final Instant began = Instant.now();
        private final AtomicBoolean ended = new AtomicBoolean();

        private Call(Operation operation, String requestId, String identityId) {
            this.operation = operation;
            this.requestId = requestId;
            this.identityId = identityId;
            this.counted = counts.begin(operation);
        }

        /** The answer is on its way. */
        public void answered(int status) {
            end(status, true);
        }

        /** There was an answer, which the caller never gets. */
        public void lost(int status) {
            end(status, false);
        }

        /** The caller went before there was an answer. */
        public void unanswered() {
            end(null, false);
        }

        private void end(@Nullable Integer status, boolean answered) {
            if (!ended.compareAndSet(false, true)) {
                return;
            }
            if (answered && status != null) {
                counted.answered(status);
            } else {
                counted.unanswered();
            }
            if (log != null) {
                log.add(operation, requestId, identityId, began, Instant.now(), status, answered);
            }
        }
    }
}
