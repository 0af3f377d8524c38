package io.tokenbroker.replay;

import io.tokenbroker.lifecycle.Rules;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.BiConsumer;
import java.util.function.Consumer;

/**
 * One reading of the range, folded one partition after the other, so that the users of one at a time are in memory.
 * Records in other partitions than their user's are none where every producer hashes as Java's do. Where there are any,
 * they are folded in a reading of their own, before those at home; the rules' versions then tell late ones from early
 * ones, as they do when the pipeline appends them where they belong.
 */
final class Scan {

    private static final int LISTED = 20;

    private final History history;
    private final Rules rules;
    private final ReplayRequest request;
    private final Runnable checkpoint;

    private long records;
    private long foreign;
    private long strays;
    private long unreadable;
    private final List<Scanned.Malformed> malformed = new ArrayList<>();

    /** @param checkpoint run at each record, may throw to end the reading */
    Scan(History history, Rules rules, ReplayRequest request, Runnable checkpoint) {
        this.history = history;
        this.rules = rules;
        this.request = request;
        this.checkpoint = checkpoint;
    }

    /**
     * Hands over each partition's fold, and forgets it afterwards.
     *
     * @param withStrays whether records away from home are gathered first, at the price of another reading
     */
    Scanned run(boolean withStrays, BiConsumer<ScanRange.Span, Fold> each) {
        Map<Integer, Fold> gathered = withStrays ? strays() : new HashMap<>();
        for (ScanRange.Span span : request.range().spans()) {
            Fold stray = gathered.remove(span.partition());
            Fold fold = stray == null ? fold() : stray;
            read(span, recorded -> take(recorded, fold));
            each.accept(span, fold);
        }
        return new Scanned(records, foreign, strays, unreadable, malformed);
    }

    private void take(Recorded recorded, Fold fold) {
        records++;
        switch (recorded) {
            case Recorded.Event event when event.isHome() -> fold.take(event);
            case Recorded.Event stray -> strays++;
            case Recorded.Foreign other -> foreign++;
            case Recorded.Unreadable bad -> {
                unreadable++;
                if (malformed.size() < LISTED) {
                    malformed.add(new Scanned.Malformed(bad.position(), bad.reason()));
                }
            }
        }
    }

    private Map<Integer, Fold> strays() {
        Map<Integer, Fold> gathered = new HashMap<>();
        for (ScanRange.Span span : request.range().spans()) {
            read(span, recorded -> {
                if (recorded instanceof Recorded.Event event && !event.isHome()) {
                    gathered.computeIfAbsent(event.home(), home -> fold()).take(event);
                }
            });
        }
        return gathered;
    }

    private void read(ScanRange.Span span, Consumer<Recorded> each) {
        history.read(request.range().topicId(), span, request.acceptGap(), recorded -> {
            checkpoint.run();
            each.accept(recorded);
        });
    }

    private Fold fold() {
        return new Fold(rules, request.filter());
    }
}
