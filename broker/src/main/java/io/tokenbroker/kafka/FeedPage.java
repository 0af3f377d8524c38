package io.tokenbroker.kafka;

import java.util.List;

/**
 * A stretch of one partition, read for all who are behind there.
 *
 * @param next the offset after it, marks of transactions included
 * @param gone nothing is at its beginning any more, and it holds nothing
 */
record FeedPage(Place place, List<FeedRecord> records, long next, boolean gone) {

    /** Where a page begins. */
    record Place(FeedTopic topic, int partition, long offset) {}

    boolean covers(Place asked) {
        return place.topic().equals(asked.topic())
                && place.partition() == asked.partition()
                && place.offset() <= asked.offset()
                && (asked.offset() < next || (gone && asked.offset() == place.offset()));
    }

    /** The number of the first record at this offset or after it. */
    int indexOf(long offset) {
        int low = 0;
        int high = records.size();
        while (low < high) {
            int middle = (low + high) >>> 1;
            if (records.get(middle).offset() < offset) {
                low = middle + 1;
            } else {
                high = middle;
            }
        }
        return low;
    }
}
