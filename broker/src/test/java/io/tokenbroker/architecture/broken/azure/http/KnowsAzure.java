package io.tokenbroker.architecture.broken.azure.http;

/** Breaks a rule on purpose. */
public final class KnowsAzure {
    Class<?> theirs() {
        return com.azure.core.http.HttpPipeline.class;
    }
}
