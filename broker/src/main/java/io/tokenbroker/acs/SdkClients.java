package io.tokenbroker.acs;

import com.azure.communication.common.implementation.HmacAuthenticationPolicy;
import com.azure.communication.identity.CommunicationIdentityAsyncClient;
import com.azure.communication.identity.CommunicationIdentityClientBuilder;
import com.azure.core.credential.AzureKeyCredential;
import com.azure.core.http.HttpClient;
import com.azure.core.http.HttpHeaderName;
import com.azure.core.http.HttpHeaders;
import com.azure.core.http.HttpPipelineBuilder;
import com.azure.core.http.netty.NettyAsyncHttpClientBuilder;
import com.azure.core.http.policy.AddDatePolicy;
import com.azure.core.http.policy.AddHeadersFromContextPolicy;
import com.azure.core.http.policy.BearerTokenAuthenticationPolicy;
import com.azure.core.http.policy.HttpPipelinePolicy;
import com.azure.core.http.policy.RequestIdPolicy;
import com.azure.core.http.policy.UserAgentPolicy;
import com.azure.identity.DefaultAzureCredentialBuilder;
import java.time.Duration;
import org.jspecify.annotations.Nullable;
import reactor.core.publisher.Mono;
import reactor.netty.resources.ConnectionProvider;

/**
 * Builds the Azure SDK's clients on an HTTP pipeline of our own: nothing in it sends a request twice, as each attempt
 * counts against the quota and a create is not idempotent, and nothing in it logs, as headers carry signatures.
 */
final class SdkClients implements AutoCloseable {

    static final Duration CONNECT_TIMEOUT = Duration.ofSeconds(5);

    private static final String ENTRA_SCOPE = "https://communication.azure.com//.default";
    /** Shorter than load balancers keep a connection without traffic. */
    private static final Duration IDLE = Duration.ofSeconds(30);

    private final String apiVersion;
    private final ConnectionProvider connections;
    private final HttpClient http;

    SdkClients(AcsSettings settings, int maxInFlight) {
        this.apiVersion = settings.apiVersion();
        this.connections = ConnectionProvider.builder("tokenbroker-acs")
                .maxConnections(maxInFlight)
                .pendingAcquireMaxCount(-1)
                .pendingAcquireTimeout(CONNECT_TIMEOUT)
                .maxIdleTime(IDLE)
                .evictInBackground(IDLE)
                .lifo()
                .build();
        var ssl = TrustedCertificates.sslContext(settings.trustedCertificates());
        var netty = reactor.netty.http.client.HttpClient.create(connections)
                .disableRetry(true)
                .secure(spec -> spec.sslContext(ssl));
        this.http = new NettyAsyncHttpClientBuilder(netty)
                .connectTimeout(shorter(settings.callTimeout(), CONNECT_TIMEOUT))
                .responseTimeout(settings.callTimeout())
                .readTimeout(settings.callTimeout())
                .writeTimeout(settings.callTimeout())
                .build();
    }

    /** The call, known to ACS by that id, so that what a log or an orphan names can be found there. */
    static <T> Mono<T> as(String requestId, Mono<T> call) {
        var headers = new HttpHeaders().set(HttpHeaderName.X_MS_CLIENT_REQUEST_ID, requestId);
        return call.contextWrite(
                context -> context.put(AddHeadersFromContextPolicy.AZURE_REQUEST_HTTP_HEADERS_KEY, headers));
    }

    CommunicationIdentityAsyncClient client(AcsSettings.Resource resource) {
        String text = resource.connectionString();
        if (text == null) {
            var entra = new DefaultAzureCredentialBuilder().build();
            return client(resource.endpoint(), new BearerTokenAuthenticationPolicy(entra, ENTRA_SCOPE));
        }
        ConnectionString known = ConnectionString.parse(text);
        var key = new AzureKeyCredential(known.accessKey());
        return client(known.endpoint(), new HmacAuthenticationPolicy(key));
    }

    private CommunicationIdentityAsyncClient client(@Nullable String endpoint, HttpPipelinePolicy authentication) {
        var pipeline = new HttpPipelineBuilder()
                .httpClient(http)
                .policies(
                        new ApiVersionPolicy(apiVersion),
                        new UserAgentPolicy("tokenbroker"),
                        new AddHeadersFromContextPolicy(),
                        new RequestIdPolicy(),
                        new AddDatePolicy(),
                        authentication)
                .build();
        return new CommunicationIdentityClientBuilder()
                .endpoint(endpoint)
                .pipeline(pipeline)
                .buildAsyncClient();
    }

    @Override
    public void close() {
        connections.dispose();
    }

    private static Duration shorter(Duration a, Duration b) {
        return a.compareTo(b) <= 0 ? a : b;
    }
}
