package io.tokenbroker.replay;

import io.tokenbroker.directory.AcsIdentityId;
import io.tokenbroker.directory.DirectoryEntry;
import io.tokenbroker.directory.DirectoryView;
import java.util.function.Consumer;

/** Everybody who has an identity on a retiring resource, and everybody this job has dealt with before. */
final class Rebuilding implements Candidates {

    private final DirectoryView directory;
    private final RetiringResources resources;
    private final Judge judge;
    private final ReplayRequest request;
    private final Runnable checkpoint;

    Rebuilding(
            DirectoryView directory,
            RetiringResources resources,
            Judge judge,
            ReplayRequest request,
            Runnable checkpoint) {
        this.directory = directory;
        this.resources = resources;
        this.judge = judge;
        this.request = request;
        this.checkpoint = checkpoint;
    }

    @Override
    public Scanned forEach(boolean withStrays, Consumer<Judgement> each) {
        directory.entriesAfter(null).forEach(entry -> {
            checkpoint.run();
            if (request.filter().matches(entry.userId()) && isOfJob(entry)) {
                each.accept(judge.rebuild(entry));
            }
        });
        return Scanned.NOTHING;
    }

    private boolean isOfJob(DirectoryEntry entry) {
        AcsIdentityId has = entry.identityId();
        return (has != null && resources.isRetiring(has)) || entry.wasReplayedBy(request.id());
    }
}
