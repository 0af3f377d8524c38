package io.tokenbroker.http;

import io.tokenbroker.directory.LogPosition;
import io.tokenbroker.intake.LifecycleLog;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.BiConsumer;
import org.jspecify.annotations.Nullable;
import reactor.core.publisher.Mono;

/** The input log as a list in memory: one partition, whose offsets are the list's own. */
final class InMemoryLifecycleLog implements LifecycleLog {

    private final List<Draft> drafts = new CopyOnWriteArrayList<>();
    private volatile BiConsumer<Draft, LogPosition> reader = (draft, position) -> {};
    private volatile @Nullable RuntimeException fault;

    @Override
    public Mono<List<LogPosition>> append(List<Draft> more) {
        return Mono.fromSupplier(() -> {
            RuntimeException broken = fault;
            if (broken != null) {
                throw broken;
            }
            List<LogPosition> positions = new ArrayList<>();
            for (Draft draft : more) {
                LogPosition position = new LogPosition("lifecycle", 0, drafts.size());
                drafts.add(draft);
                positions.add(position);
                reader.accept(draft, position);
            }
            return List.copyOf(positions);
        });
    }

    List<Draft> drafts() {
        return drafts;
    }

    /** Who applies what is appended, at once. */
    void readBy(BiConsumer<Draft, LogPosition> pipeline) {
        reader = pipeline;
    }

    void breakWith(RuntimeException broken) {
        fault = broken;
    }

    void reset() {
        drafts.clear();
        reader = (draft, position) -> {};
        fault = null;
    }
}
