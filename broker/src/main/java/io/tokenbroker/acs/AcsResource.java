package io.tokenbroker.acs;

import com.azure.communication.identity.CommunicationIdentityAsyncClient;
import java.time.Duration;
import java.util.Locale;
import java.util.concurrent.TimeoutException;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import reactor.core.publisher.Mono;

/** One ACS resource: its client, and what is known of it. */
final class AcsResource {

    private final ResourceName name;
    private final CommunicationIdentityAsyncClient client;
    private final FaultClassifier classifier;
    private final Duration longestCall;
    private volatile @Nullable String id;

    /** @param id the guid that begins its identities' ids; {@code null} until the first of them is seen */
    AcsResource(
            ResourceName name,
            CommunicationIdentityAsyncClient client,
            FaultClassifier classifier,
            @Nullable String id,
            Duration callTimeout) {
        this.name = name;
        this.client = client;
        this.classifier = classifier;
        this.id = id == null ? null : id.toLowerCase(Locale.ROOT);
        this.longestCall = callTimeout.plus(SdkClients.CONNECT_TIMEOUT);
    }

    ResourceName name() {
        return name;
    }

    boolean current() {
        return name.current();
    }

    /** Empty-handed until the first identity. */
    @Nullable String id() {
        return id;
    }

    void learn(String resourceId) {
        if (id == null) {
            id = resourceId;
        }
    }

    /** Calls the resource; every error is a {@link Failure}. */
    <T> Mono<T> call(Operation operation, Function<CommunicationIdentityAsyncClient, Mono<T>> method) {
        return Mono.defer(() -> method.apply(client))
                // with an error of our own, as Reactor's describes the whole chain, for each call anew
                .timeout(longestCall, Mono.error(() -> new TimeoutException("no answer within " + longestCall)))
                .doOnSuccess(answer -> classifier.succeeded())
                .onErrorMap(error -> classifier.classify(operation, error));
    }
}
