package io.tokenbroker.bench;

import java.lang.management.ManagementFactory;
import java.lang.management.MemoryMXBean;
import java.util.function.Supplier;

/**
 * Something in memory, and what it costs.
 *
 * @param bytes of heap in use more than before it was made, after full collections both times
 */
record Held<T>(T what, long bytes) {

    private static final int COLLECTIONS = 4;
    private static final MemoryMXBean MEMORY = ManagementFactory.getMemoryMXBean();

    static <T> Held<T> of(Supplier<T> made) {
        long before = used();
        T what = made.get();
        return new Held<>(what, used() - before);
    }

    double bytesPer(int parts) {
        return (double) bytes / parts;
    }

    private static long used() {
        for (int i = 0; i < COLLECTIONS; i++) {
            MEMORY.gc();
        }
        return MEMORY.getHeapMemoryUsage().getUsed();
    }
}
