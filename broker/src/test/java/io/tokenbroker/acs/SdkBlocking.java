package io.tokenbroker.acs;

import reactor.blockhound.BlockHound;
import reactor.blockhound.integration.BlockHoundIntegration;

/**
 * What the Azure SDK does once per type on the thread that reads the first answer: Jackson makes the type's
 * (de)serializer under a lock.
 */
public final class SdkBlocking implements BlockHoundIntegration {

    @Override
    public void applyTo(BlockHound.Builder builder) {
        builder.allowBlockingCallsInside(
                        "com.fasterxml.jackson.databind.deser.DeserializerCache", "_createAndCacheValueDeserializer")
                .allowBlockingCallsInside(
                        "com.fasterxml.jackson.databind.ser.SerializerCache", "addAndResolveNonTypedSerializer");
    }
}
