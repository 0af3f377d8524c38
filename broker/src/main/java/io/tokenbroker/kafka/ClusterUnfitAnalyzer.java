package io.tokenbroker.kafka;

import org.jspecify.annotations.Nullable;
import org.springframework.boot.diagnostics.AbstractFailureAnalyzer;
import org.springframework.boot.diagnostics.FailureAnalysis;

/** Has a start that fails for the cluster's sake end in two sentences instead of a stack trace. */
final class ClusterUnfitAnalyzer extends AbstractFailureAnalyzer<ClusterUnfit> {

    @Override
    protected FailureAnalysis analyze(Throwable rootFailure, ClusterUnfit cause) {
        return new FailureAnalysis("The broker cannot run on this Kafka: " + cause.getMessage(), action(cause), cause);
    }

    private static String action(ClusterUnfit unfit) {
        @Nullable Throwable reason = unfit.getCause();
        return (reason == null ? "" : "Kafka's client says: " + reason.getMessage() + ". ")
                + "See \"The start fails\" in src/docs/troubleshooting.md, and \"Kafka ACLs\" in src/docs/security.md.";
    }
}
