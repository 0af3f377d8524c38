package io.tokenbroker.servicebus;

import reactor.blockhound.BlockHound;
import reactor.blockhound.integration.BlockHoundIntegration;

/**
 * What looks like blocking and holds nobody up: what the Service Bus SDK does on the thread of its connection, and the
 * lock under which other threads leave it their work.
 */
public final class SdkWaits implements BlockHoundIntegration {

    @Override
    public void applyTo(BlockHound.Builder builder) {
        builder.allowBlockingCallsInside("com.azure.core.amqp.implementation.ReactorExecutor", "run")
                .allowBlockingCallsInside("com.azure.core.amqp.implementation.ReactorDispatcher", "signalWorkQueue");
    }
}
