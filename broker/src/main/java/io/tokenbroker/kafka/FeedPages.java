package io.tokenbroker.kafka;

import io.tokenbroker.kafka.FeedPage.Place;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;

/**
 * What those read who are too far behind for the ring: some pages of the log, and whose turn it is for which. All who
 * want the same page share one; who wants many gets one at a time, after those who asked before. Safe for use by many
 * threads, of which one loads.
 */
final class FeedPages {

    private final int most;
    private final Map<Integer, TreeMap<Long, FeedPage>> byPartition = new TreeMap<>();
    private final Map<Place, FeedPage> byAge = new LinkedHashMap<>(16, 0.75f, true);
    private final Map<Place, Set<Runnable>> asked = new LinkedHashMap<>();
    private final AtomicLong loaded = new AtomicLong();
    private boolean closed;

    /** @param most how many pages are kept */
    FeedPages(int most) {
        this.most = most;
    }

    /**
     * @param then run once it is worth asking again; the same one is run once however often it asked
     * @return {@code null} where it has to be loaded first
     */
    synchronized @Nullable FeedPage find(Place place, Runnable then) {
        TreeMap<Long, FeedPage> pages = byPartition.get(place.partition());
        Map.Entry<Long, FeedPage> near = pages == null ? null : pages.floorEntry(place.offset());
        if (near != null && near.getValue().covers(place)) {
            FeedPage page = near.getValue();
            if (page.gone()) {
                forget(page); // the next one to ask has it looked at anew
            } else {
                byAge.get(page.place()); // marks it as used
            }
            return page;
        }
        asked.computeIfAbsent(place, same -> new LinkedHashSet<>()).add(then);
        notifyAll();
        return null;
    }

    /** Waits for a page that is asked for; {@code null} where there was none for so long, or it is closed. */
    synchronized @Nullable Place next(long waitMillis) throws InterruptedException {
        long until = System.nanoTime() + waitMillis * 1_000_000;
        while (asked.isEmpty() && !closed) {
            long left = (until - System.nanoTime()) / 1_000_000;
            if (left <= 0) {
                return null;
            }
            wait(left);
        }
        return closed ? null : asked.keySet().iterator().next();
    }

    /** Puts it behind the others who are asked for. */
    synchronized void putOff(Place place) {
        Set<Runnable> waiting = asked.remove(place);
        if (waiting != null) {
            asked.put(place, waiting);
        }
    }

    /** @return what is to be run now */
    synchronized List<Runnable> loaded(FeedPage page) {
        loaded.incrementAndGet();
        byPartition
                .computeIfAbsent(page.place().partition(), partition -> new TreeMap<>())
                .put(page.place().offset(), page);
        byAge.put(page.place(), page);
        Iterator<FeedPage> oldest = new ArrayList<>(byAge.values()).iterator();
        while (byAge.size() > most) {
            forget(oldest.next());
        }
        List<Runnable> served = new ArrayList<>();
        asked.entrySet().removeIf(each -> page.covers(each.getKey()) && served.addAll(each.getValue()));
        return served;
    }

    private void forget(FeedPage page) {
        byAge.remove(page.place());
        TreeMap<Long, FeedPage> pages = byPartition.get(page.place().partition());
        if (pages != null) {
            pages.remove(page.place().offset(), page);
        }
    }

    /** How many were loaded so far. */
    long count() {
        return loaded.get();
    }

    synchronized boolean isClosed() {
        return closed;
    }

    synchronized void close() {
        closed = true;
        notifyAll();
    }
}
