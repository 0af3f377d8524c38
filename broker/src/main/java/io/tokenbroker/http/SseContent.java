package io.tokenbroker.http;

import java.util.function.Consumer;

/** What one stream is about. Apart from {@link #open} and {@link #close}, called for one frame after the other. */
interface SseContent {

    /** @param more to be run when there may be more to write, by any thread */
    void open(Runnable more);

    /**
     * Writes the next frames, no more than {@code most} of them.
     *
     * @return how many; fewer than {@code most} where there is none now
     */
    int write(int most, Consumer<byte[]> to);

    /** Whether everything was written that there will ever be. */
    boolean isOver();

    /** Written from time to time to one who has everything. */
    default byte[] heartbeat() {
        return SseFrames.HEARTBEAT;
    }

    void close();
}
