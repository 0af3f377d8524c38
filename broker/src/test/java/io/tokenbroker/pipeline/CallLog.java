package io.tokenbroker.pipeline;

import static org.assertj.core.api.Assertions.assertThat;

import io.tokenbroker.acs.Governed;
import io.tokenbroker.directory.AcsIdentityId;
import io.tokenbroker.directory.DirectoryEntry;
import io.tokenbroker.directory.UserId;
import io.tokenbroker.lifecycle.Step;
import io.tokenbroker.lifecycle.StepResult;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import reactor.core.publisher.Mono;
import reactor.test.scheduler.VirtualTimeScheduler;

/** Every call that reached ACS: by which instance, for whom, from when to when. */
final class CallLog {

    /** One call; {@code until} is in the far future until it ends. */
    private static final class Call {
        final Step step;
        final long from;
        long until = Long.MAX_VALUE;

        @Nullable StepResult result;

        Call(Step step, long from) {
            this.step = step;
            this.from = from;
        }

        @Override
        public String toString() {
            return step + " from " + from + " until " + until + " answered " + result;
        }
    }

    private final int maxInFlight;
    private final List<List<Call>> byInstance = new ArrayList<>();
    private int mostAtATime;

    CallLog(int maxInFlight) {
        this.maxInFlight = maxInFlight;
    }

    /** What another instance has between its pipeline and ACS. */
    IdentityCalls connect(VirtualTimeScheduler time, Acs.Client client) {
        List<Call> calls = new ArrayList<>();
        byInstance.add(calls);
        int[] inFlight = {0};
        return new Governed(
                time,
                maxInFlight,
                step -> Mono.defer(() -> {
                    Call call = new Call(step, time.now(TimeUnit.NANOSECONDS));
                    calls.add(call);
                    mostAtATime = Math.max(mostAtATime, ++inFlight[0]);
                    return client.call(step, IdentityCalls.Priority.LIVE, "call", Mono.empty())
                            .doOnNext(result -> call.result = result)
                            .doFinally(end -> {
                                call.until = time.now(TimeUnit.NANOSECONDS);
                                inFlight[0]--;
                            });
                }));
    }

    int mostAtATime() {
        return mostAtATime;
    }

    int count() {
        return byInstance.stream().mapToInt(List::size).sum();
    }

    /** The calls of one user that one instance made come one after the other, in the order of the log. */
    void checkEachUserInOrder(Rig rig) {
        Map<AcsIdentityId, UserId> owners = owners(rig);
        for (List<Call> calls : byInstance) {
            Map<UserId, List<Call>> byUser = new HashMap<>();
            for (Call call : calls) {
                UserId userId = userOf(call, owners);
                if (userId != null) {
                    byUser.computeIfAbsent(userId, one -> new ArrayList<>()).add(call);
                }
            }
            byUser.values().forEach(CallLog::checkOneAfterTheOther);
        }
    }

    private static void checkOneAfterTheOther(List<Call> calls) {
        long free = Long.MIN_VALUE;
        long epoch = 0;
        int event = 0;
        Set<AcsIdentityId> gone = new HashSet<>();
        for (Call call : calls) {
            assertThat(call.from)
                    .as("begins when the one before is over: %s", calls)
                    .isGreaterThanOrEqualTo(free);
            free = call.until;
            switch (call.step) {
                case Step.CreateIdentity create -> {}
                case Step.CreateIdentityWithToken create -> {
                    assertThat(create.lifetimeMinutes())
                            .as("event of %s", calls)
                            .isGreaterThanOrEqualTo(event);
                    assertThat(create.epoch()).as("epoch of %s", calls).isGreaterThanOrEqualTo(epoch);
                    event = create.lifetimeMinutes();
                    epoch = create.epoch();
                }
                case Step.RevokeTokens revoke -> {
                    assertThat(revoke.epoch()).as("epoch of %s", calls).isGreaterThanOrEqualTo(epoch);
                    assertThat(gone).doesNotContain(revoke.identityId());
                    epoch = revoke.epoch();
                }
                case Step.DeleteIdentity delete -> {
                    assertThat(gone).doesNotContain(delete.identityId());
                    if (call.result != null) {
                        gone.add(delete.identityId());
                    }
                }
            }
        }
    }

    private static Map<AcsIdentityId, UserId> owners(Rig rig) {
        Map<AcsIdentityId, UserId> owners = new HashMap<>();
        for (Transaction transaction : rig.cluster.committed) {
            for (DirectoryEntry entry : transaction.entries()) {
                if (entry.identityId() != null) {
                    owners.put(entry.identityId(), entry.userId());
                }
                entry.doomed().forEach(doomed -> owners.put(doomed, entry.userId()));
            }
        }
        return owners;
    }

    /** Nobody where the answer to a create without a token was lost: nothing tells then for whom it was. */
    private static @Nullable UserId userOf(Call call, Map<AcsIdentityId, UserId> owners) {
        return switch (call.step) {
            case Step.CreateIdentityWithToken create -> Crowd.userOfLifetime(create.lifetimeMinutes());
            case Step.CreateIdentity create ->
                call.result instanceof StepResult.IdentityCreated created ? owners.get(created.identityId()) : null;
            case Step.RevokeTokens revoke -> owners.get(revoke.identityId());
            case Step.DeleteIdentity delete -> owners.get(delete.identityId());
        };
    }
}
