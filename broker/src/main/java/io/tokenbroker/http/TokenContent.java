package io.tokenbroker.http;

import io.tokenbroker.tokens.TokenSignal;
import java.util.Map;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.reactivestreams.Subscription;
import reactor.core.publisher.BaseSubscriber;
import reactor.core.publisher.Flux;
import reactor.core.publisher.SignalType;
import tools.jackson.databind.json.JsonMapper;

/** What a holder of tokens is told, as events. The next signal is asked for when the one before was written. */
final class TokenContent extends BaseSubscriber<TokenSignal> implements SseContent {

    private static final JsonMapper JSON = JsonMapper.shared();

    private final Flux<TokenSignal> signals;
    private final Queue<TokenSignal> told = new ConcurrentLinkedQueue<>();
    private volatile Runnable more = () -> {};
    private volatile boolean ended;

    TokenContent(Flux<TokenSignal> signals) {
        this.signals = signals;
    }

    @Override
    public void open(Runnable wake) {
        more = wake;
        signals.subscribe(this);
    }

    @Override
    protected void hookOnSubscribe(Subscription subscription) {
        subscription.request(1);
    }

    @Override
    protected void hookOnNext(TokenSignal signal) {
        told.add(signal);
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
            TokenSignal signal = told.poll();
            if (signal == null) {
                break;
            }
            to.accept(frame(signal));
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

    private static byte[] frame(TokenSignal signal) {
        return switch (signal) {
            case TokenSignal.Token token ->
                SseFrames.event("token", JSON.writeValueAsString(TokenJson.of(token.issued())));
            case TokenSignal.Revoked revoked -> SseFrames.event("revoked", json("reason", revoked.reason()));
            case TokenSignal.Suspended suspended -> SseFrames.event("suspended", json("reason", suspended.reason()));
            case TokenSignal.Deleted deleted -> SseFrames.event("deleted", "{}");
            case TokenSignal.Delayed delayed -> SseFrames.event("delayed", json("expiresOn", delayed.expiresOn()));
        };
    }

    private static String json(String field, @Nullable Object value) {
        return JSON.writeValueAsString(value == null ? Map.of() : Map.of(field, value));
    }
}
