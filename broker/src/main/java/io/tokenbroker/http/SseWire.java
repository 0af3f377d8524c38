package io.tokenbroker.http;

import io.netty.channel.Channel;
import io.netty.channel.ChannelOutboundBuffer;
import org.springframework.http.server.reactive.ServerHttpRequest;
import org.springframework.http.server.reactive.ServerHttpRequestDecorator;
import reactor.netty.DisposableChannel;
import reactor.netty.http.server.HttpServerRequest;

/** The connection below a stream, as far as the stream has to know. */
interface SseWire {

    /** Bytes that were written and that the client's side has not taken. */
    long pending();

    /** Closes it with what is still to be written: its client takes nothing. */
    void cut();

    static SseWire of(ServerHttpRequest request) {
        Object connection = ServerHttpRequestDecorator.getNativeRequest(request);
        return connection instanceof HttpServerRequest open ? new Netty(open) : new None();
    }

    record Netty(HttpServerRequest request) implements SseWire {

        @Override
        public long pending() {
            long[] pending = {0};
            request.withConnection(connection -> pending[0] = pending(connection.channel()));
            return pending[0];
        }

        private static long pending(Channel channel) {
            ChannelOutboundBuffer buffer = channel.unsafe().outboundBuffer();
            return buffer == null ? 0 : buffer.totalPendingWriteBytes();
        }

        @Override
        public void cut() {
            request.withConnection(DisposableChannel::dispose);
        }
    }

    /** Behind another server than the broker's own. */
    record None() implements SseWire {

        @Override
        public long pending() {
            return 0;
        }

        @Override
        public void cut() {}
    }
}
