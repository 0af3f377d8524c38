package io.tokenbroker.servicebus;

import io.tokenbroker.directory.LogPosition;
import io.tokenbroker.intake.EventTooLarge;
import io.tokenbroker.intake.LifecycleLog;
import io.tokenbroker.intake.LogUnavailable;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import reactor.core.publisher.Mono;

/** The input log, which may be away. */
final class LogInMemory implements LifecycleLog {

    private static final int MOST = 200_000;

    private final List<Draft> drafts = Collections.synchronizedList(new ArrayList<>());
    private volatile boolean away;

    void away(boolean isAway) {
        away = isAway;
    }

    @Override
    public Mono<List<LogPosition>> append(List<Draft> added) {
        return Mono.fromSupplier(() -> {
            if (away) {
                throw new LogUnavailable("away", new IllegalStateException());
            }
            var data = added.getFirst().event().getData();
            if (data != null && data.toBytes().length > MOST) {
                throw new EventTooLarge("too large", new IllegalStateException());
            }
            drafts.addAll(added);
            return List.of(new LogPosition("topic", 0, drafts.size() - 1));
        });
    }

    List<Draft> drafts() {
        return List.copyOf(drafts);
    }

    List<String> ids() {
        return drafts().stream().map(draft -> draft.event().getId()).toList();
    }

    List<String> users() {
        return drafts().stream().map(draft -> draft.userId().value()).toList();
    }
}
