package io.tokenbroker.http;

import io.netty.channel.ChannelOption;
import org.springframework.boot.reactor.netty.NettyReactiveWebServerFactory;
import org.springframework.boot.web.server.WebServerFactoryCustomizer;
import org.springframework.stereotype.Component;

/**
 * Small buffers of the system's for what is sent. Left to itself it takes megabytes for a client that reads nothing, so
 * that a stream to it would seem to flow for a long time.
 */
@Component
final class SendBuffers implements WebServerFactoryCustomizer<NettyReactiveWebServerFactory> {

    /** Linux takes twice that. */
    static final int BYTES = 32 * 1024;

    @Override
    public void customize(NettyReactiveWebServerFactory factory) {
        factory.addServerCustomizers(server -> server.childOption(ChannelOption.SO_SNDBUF, BYTES));
    }
}
