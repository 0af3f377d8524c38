package io.tokenbroker.e2e;

import java.util.List;
import java.util.Objects;
import tools.jackson.databind.JsonNode;

/**
 * What the broker announced, in the order of each user.
 *
 * @param all as read from the topic
 */
record Outcomes(List<Outcome> all) {
    static final String PROVISIONED = "tokenbroker.identity.provisioned.v1";
    static final String DELETED = "tokenbroker.identity.deleted.v1";
    static final String SUSPENDED = "tokenbroker.identity.suspended.v1";
    static final String ISSUED = "tokenbroker.token.issued.v1";
    static final String REVOKED = "tokenbroker.tokens.revoked.v1";

    /**
     * @param tokenId empty but for tokens
     * @param reason likewise, and for revocations
     */
    record Outcome(
            String id, String type, String userId, String identityId, String tokenId, String reason, String causedBy) {}

    Outcomes {
        all = List.copyOf(all);
    }

    static Outcomes read(String bootstrapServers) {
        return new Outcomes(Topic.read(bootstrapServers, Topic.OUTCOMES).stream()
                .map(told -> {
                    JsonNode data = Http.JSON.readTree(told.value());
                    return new Outcome(
                            Objects.requireNonNull(Topic.header(told, "ce_id")),
                            Objects.requireNonNull(Topic.header(told, "ce_type")),
                            data.path("userId").asString(""),
                            data.path("identityId").asString(""),
                            data.path("tokenId").asString(""),
                            data.path("reason").asString(""),
                            Objects.requireNonNullElse(Topic.header(told, "ce_causationid"), ""));
                })
                .toList());
    }

    List<Outcome> of(String userId, String type) {
        return all.stream()
                .filter(outcome ->
                        outcome.userId().equals(userId) && outcome.type().equals(type))
                .toList();
    }
}
