package io.tokenbroker.acs;

import com.azure.core.http.HttpPipelineCallContext;
import com.azure.core.http.HttpPipelineNextPolicy;
import com.azure.core.http.HttpResponse;
import com.azure.core.http.policy.HttpPipelinePolicy;
import com.azure.core.util.UrlBuilder;
import reactor.core.publisher.Mono;

/**
 * Asks for the API version that is set, which may be newer than the ones the SDK lists. Comes before authentication, as
 * the signature covers the query.
 */
final class ApiVersionPolicy implements HttpPipelinePolicy {

    private final String version;

    ApiVersionPolicy(String version) {
        this.version = version;
    }

    @Override
    public Mono<HttpResponse> process(HttpPipelineCallContext context, HttpPipelineNextPolicy next) {
        var request = context.getHttpRequest();
        String url = UrlBuilder.parse(request.getUrl())
                .setQueryParameter("api-version", version)
                .toString();
        request.setUrl(url);
        return next.process();
    }
}
