package io.tokenbroker.kafka;

import io.tokenbroker.pipeline.QuotaShares;
import java.time.Duration;
import java.util.List;
import org.apache.kafka.clients.admin.Admin;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import reactor.core.Disposable;
import reactor.core.Disposables;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;

/**
 * This instance's part of what all instances share: by partitions for what events cause, and equally among the live
 * members of the group for what callers cause.
 */
final class GroupShare {

    private static final Logger log = LoggerFactory.getLogger(GroupShare.class);
    private static final Duration LOOK_EVERY = Duration.ofSeconds(15);

    private final String groupId;
    private final int partitions;
    private final Admin admin;
    private final QuotaShares shares;
    private final Disposable.Swap looking = Disposables.swap();
    private volatile int owned;
    private volatile int members = 1;

    GroupShare(String groupId, int partitions, Admin admin, QuotaShares shares) {
        this.groupId = groupId;
        this.partitions = partitions;
        this.admin = admin;
        this.shares = shares;
    }

    void start() {
        looking.update(Flux.interval(Duration.ZERO, LOOK_EVERY)
                .onBackpressureDrop()
                .concatMap(tick -> countMembers())
                .subscribe(this::live));
    }

    void stop() {
        looking.dispose();
    }

    /** So many partitions are this instance's now. */
    void owned(int count) {
        owned = count;
        share();
    }

    private void live(int count) {
        members = Math.max(1, count);
        share();
    }

    private void share() {
        shares.share((double) owned / partitions, 1.0 / members);
    }

    private Mono<Integer> countMembers() {
        return Mono.fromCompletionStage(() ->
                        admin.describeConsumerGroups(List.of(groupId)).all().toCompletionStage())
                .map(groups -> groups.values().stream()
                        .mapToInt(group -> group.members().size())
                        .sum())
                .onErrorResume(error -> {
                    log.debug("members could not be counted, the last count stands: {}", error.toString());
                    return Mono.empty();
                });
    }
}
