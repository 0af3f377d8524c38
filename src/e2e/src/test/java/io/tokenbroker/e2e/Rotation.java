package io.tokenbroker.e2e;

import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicInteger;

/** The instances that a load balancer sends to: those that are ready, by turns. */
final class Rotation {
    private final List<String> addresses;
    private final AtomicInteger next = new AtomicInteger();

    Rotation(List<String> addresses) {
        this.addresses = new CopyOnWriteArrayList<>(addresses);
    }

    String next() {
        Object[] now = addresses.toArray();
        return (String) now[Math.floorMod(next.getAndIncrement(), now.length)];
    }

    /** As when its endpoint goes, before it is told to end. */
    void remove(String address) {
        addresses.remove(address);
    }

    void add(String address) {
        addresses.add(address);
    }
}
