package io.tokenbroker.http;

import io.tokenbroker.replay.Job;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.function.Consumer;
import org.reactivestreams.Subscription;
import reactor.core.publisher.BaseSubscriber;
import reactor.core.publisher.Flux;
import reactor.core.publisher.SignalType;
import tools.jackson.databind.json.JsonMapper;

/** How far a replay is, as events. The next state is asked for when the one before was written; only the newest waits. */
final class ReplayContent extends BaseSubscriber<Job> implements SseContent {

    private static final JsonMapper JSON = JsonMapper.shared();

    private final Flux<Job> jobs;
    private final Queue<Job> told = new ConcurrentLinkedQueue<>();
    private volatile Runnable more = () -> {};
    private volatile boolean ended;

    ReplayContent(Flux<Job> jobs) {
        this.jobs = jobs;
    }

    @Override
    public void open(Runnable wake) {
        more = wake;
        jobs.subscribe(this);
    }

    @Override
    protected void hookOnSubscribe(Subscription subscription) {
        subscription.request(1);
    }

    @Override
    protected void hookOnNext(Job job) {
        told.add(job);
        more.run();
    }

    @Override
    protected void hookFinally(SignalType type) {
        ended = true;
        more.run();
    }

    @Override
    public int write(int most, Consumer<byte[]> to) {
        int count = 0;
        while (count < most) {
            Job job = told.poll();
            if (job == null) {
                break;
            }
            to.accept(frame(job));
            count++;
            request(1);
        }
        return count;
    }

    @Override
    public boolean isOver() {
        return ended && told.isEmpty(); // read in this order
    }

    @Override
    public void close() {
        cancel();
    }

    private static byte[] frame(Job job) {
        boolean over = job.state().isOver();
        Object data = over ? ReplayJson.of(job) : ReplayJson.ProgressJson.of(job);
        return SseFrames.event(over ? job.state().wireName() : "progress", JSON.writeValueAsString(data));
    }
}
