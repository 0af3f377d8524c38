package io.tokenbroker.replay;

import io.tokenbroker.lifecycle.Rules;
import java.util.function.Consumer;

/** Everybody of whom the range of the log speaks. */
final class Provisioning implements Candidates {

    private final History history;
    private final Rules rules;
    private final Judge judge;
    private final ReplayRequest request;
    private final Runnable checkpoint;

    Provisioning(History history, Rules rules, Judge judge, ReplayRequest request, Runnable checkpoint) {
        this.history = history;
        this.rules = rules;
        this.judge = judge;
        this.request = request;
        this.checkpoint = checkpoint;
    }

    @Override
    public Scanned forEach(boolean withStrays, Consumer<Judgement> each) {
        return new Scan(history, rules, request, checkpoint)
                .run(
                        withStrays,
                        (span, fold) -> fold.users().forEach(folded -> {
                            checkpoint.run();
                            each.accept(judge.provision(folded, span));
                        }));
    }
}
