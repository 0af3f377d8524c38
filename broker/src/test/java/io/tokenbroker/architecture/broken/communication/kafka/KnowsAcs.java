package io.tokenbroker.architecture.broken.communication.kafka;

/** Breaks a rule on purpose. */
public final class KnowsAcs {
    Class<?> theirs() {
        return com.azure.communication.identity.CommunicationIdentityAsyncClient.class;
    }
}
