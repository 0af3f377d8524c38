package io.tokenbroker.replay;

import io.tokenbroker.directory.DirectoryView;
import io.tokenbroker.directory.UserId;
import io.tokenbroker.lifecycle.Rules;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** The dead letters of the range that the filters match, but those an earlier run of the job has been through. */
final class Redriving implements Candidates {

    private final Letters letters;
    private final Rules rules;
    private final DirectoryView directory;
    private final ReplayRequest request;
    private final @Nullable Reached reached;
    private final Runnable checkpoint;

    Redriving(
            Letters letters,
            Rules rules,
            DirectoryView directory,
            ReplayRequest request,
            @Nullable Reached reached,
            Runnable checkpoint) {
        this.letters = letters;
        this.rules = rules;
        this.directory = directory;
        this.request = request;
        this.reached = reached;
        this.checkpoint = checkpoint;
    }

    @Override
    public Scanned forEach(boolean withStrays, Consumer<Judgement> each) {
        LetterJudge judge = new LetterJudge(rules, directory);
        AtomicLong read = new AtomicLong();
        for (ScanRange.Span span : request.range().spans()) {
            letters.read(request.range().topicId(), span, letter -> {
                checkpoint.run();
                read.incrementAndGet();
                if (!matches(letter)) {
                    return;
                }
                if (reached != null && reached.isPast(letter.listed().place())) {
                    judge.remember(letter);
                } else {
                    each.accept(judge.judge(letter));
                }
            });
        }
        return Scanned.of(read.get());
    }

    private boolean matches(Letter letter) {
        UserId userId = letter.userId();
        return request.letterFilter().matches(letter.listed())
                && (request.filter().equals(UserFilter.EVERYBODY)
                        || (userId != null && request.filter().matches(userId)));
    }
}
