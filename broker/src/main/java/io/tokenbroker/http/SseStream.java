package io.tokenbroker.http;

import java.time.Duration;
import java.time.Instant;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;
import org.reactivestreams.Publisher;
import org.reactivestreams.Subscriber;
import org.reactivestreams.Subscription;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.core.io.buffer.DataBuffer;
import org.springframework.core.io.buffer.DataBufferFactory;
import reactor.core.publisher.Operators;

/**
 * One open stream of server-sent events. Everything that is sent passes one place in one order: the content, and around
 * it what every stream has, so that an id is sent only after every event before it. It keeps nothing that waits to be
 * sent: what its client does not take is not read. To be subscribed once.
 */
final class SseStream implements Publisher<DataBuffer>, Subscription {

    static final Duration REAUTH_AHEAD = Duration.ofSeconds(60);

    private static final Logger LOG = LoggerFactory.getLogger(SseStream.class);
    private static final int MOST_AT_ONCE = 256;

    private final SseContent content;
    private final DataBufferFactory buffers;
    private final SseWire wire;
    private final Instant expiresOn;
    private final long heartbeat;

    private final AtomicInteger turns = new AtomicInteger(1);
    private final AtomicLong requested = new AtomicLong();
    private final AtomicLong sent = new AtomicLong();
    private volatile boolean cancelled;
    private volatile boolean expired;
    private volatile boolean over;
    private volatile @Nullable Duration retry;
    private volatile Due reauth = Due.LATER;
    private volatile boolean beatDue;
    private @Nullable Subscriber<? super DataBuffer> out;
    private boolean opened;

    private final long reauthAt;
    private final long endAt;
    private long beatAt;
    private long sentAtBeat = -1;
    private long pendingAtBeat;

    private enum Due {
        LATER,
        NOW,
        SAID
    }

    /** @param expiresOn when its caller's access token ends */
    SseStream(
            SseContent content,
            DataBufferFactory buffers,
            SseWire wire,
            Instant expiresOn,
            Duration heartbeat,
            Instant now) {
        this.content = content;
        this.buffers = buffers;
        this.wire = wire;
        this.expiresOn = expiresOn;
        this.heartbeat = heartbeat.toMillis();
        this.endAt = millis(expiresOn);
        this.reauthAt = endAt - REAUTH_AHEAD.toMillis();
        this.beatAt = now.toEpochMilli() + this.heartbeat;
    }

    private static long millis(Instant moment) {
        return moment.isAfter(Instant.ofEpochMilli(Long.MAX_VALUE)) ? Long.MAX_VALUE : moment.toEpochMilli();
    }

    @Override
    public void subscribe(Subscriber<? super DataBuffer> subscriber) {
        out = subscriber;
        content.open(this::drain);
        subscriber.onSubscribe(this);
        take(1);
    }

    @Override
    public void request(long more) {
        requested.accumulateAndGet(more, Operators::addCap);
        drain();
    }

    @Override
    public void cancel() {
        cancelled = true;
        drain();
    }

    /**
     * Says goodbye and ends.
     *
     * @param wait how long its client should wait before it comes back
     */
    void leave(Duration wait) {
        retry = wait;
        drain();
    }

    /**
     * To be called again and again: the time is this stream's only clock.
     *
     * @return whether it was cut off, as its client took nothing for a heartbeat's time while something waited
     */
    boolean tick(long now) {
        boolean changed = false;
        if (now >= endAt && !expired) {
            expired = true;
            changed = true;
        } else if (now >= reauthAt && reauth == Due.LATER) {
            reauth = Due.NOW;
            changed = true;
        }
        boolean stalled = false;
        if (now >= beatAt) {
            beatAt = now + heartbeat;
            stalled = isStalled();
            beatDue = pendingAtBeat == 0;
            changed = true;
        }
        if (stalled) {
            cut();
        } else if (changed) {
            drain();
        }
        return stalled;
    }

    /** Ends it without another word. */
    void cut() {
        cancelled = true;
        wire.cut();
        drain();
    }

    private boolean isStalled() {
        long pending = wire.pending();
        boolean still = sent.get() == sentAtBeat && pending >= pendingAtBeat;
        boolean waits = (pendingAtBeat > 0 && pending > 0) || requested.get() <= sent.get();
        sentAtBeat = sent.get();
        pendingAtBeat = pending;
        return still && waits;
    }

    private void drain() {
        if (turns.getAndIncrement() == 0) {
            take(1);
        }
    }

    private void take(int first) {
        int missed = first;
        while (missed != 0) {
            send();
            missed = turns.addAndGet(-missed);
        }
    }

    private void send() {
        Subscriber<? super DataBuffer> to = out;
        if (over || to == null) {
            return;
        }
        if (cancelled) {
            over = true;
            content.close();
            return;
        }
        boolean last;
        try {
            last = sendWhatThereIs();
        } catch (RuntimeException e) {
            // ends in the ordinary way: its client comes back with the last id it has
            LOG.atWarn().addKeyValue("fault", LogSafe.escaped(e.toString())).log("a stream broke off");
            last = true;
        }
        if (last) {
            over = true;
            content.close();
            to.onComplete();
        }
    }

    /** @return whether that was all */
    private boolean sendWhatThereIs() {
        if (!opened && hasDemand()) {
            opened = true;
            emit(SseFrames.OPEN);
        }
        Duration wait = retry;
        if (wait != null) {
            if (hasDemand()) {
                emit(SseFrames.drain(wait));
            }
            return true;
        }
        if (reauth == Due.NOW && hasDemand()) {
            reauth = Due.SAID;
            emit(SseFrames.reauth(expiresOn));
        }
        if (expired) {
            return true;
        }
        boolean all = false;
        while (hasDemand() && !all && !cancelled) {
            int most = (int) Math.min(MOST_AT_ONCE, requested.get() - sent.get());
            all = content.write(most, this::emit) < most;
        }
        if (content.isOver()) {
            return true;
        }
        if (beatDue && hasDemand()) {
            beatDue = false;
            emit(content.heartbeat());
        }
        return false;
    }

    private boolean hasDemand() {
        return requested.get() > sent.get();
    }

    private void emit(byte[] frame) {
        Subscriber<? super DataBuffer> to = out;
        if (to != null) {
            sent.incrementAndGet();
            to.onNext(buffers.wrap(frame));
        }
    }
}
