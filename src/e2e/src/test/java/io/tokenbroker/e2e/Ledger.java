package io.tokenbroker.e2e;

import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/**
 * Every identity that was ever made at the emulator.
 *
 * @param identities by id, in the order of creation
 */
record Ledger(Map<String, Identity> identities) {

    /**
     * One identity, and what became of it.
     *
     * @param tokensRevokedOn when they last were, null where they never were
     */
    record Identity(
            String id,
            Instant createdOn,
            boolean deleted,
            long tokensIssued,
            @Nullable Instant tokensRevokedOn) {
        boolean tokensRevoked() {
            return tokensRevokedOn != null;
        }
    }

    Ledger {
        identities = Map.copyOf(identities);
    }

    static Ledger of(JsonNode answer) {
        Map<String, Identity> identities = new LinkedHashMap<>();
        for (JsonNode one : answer.path("identities")) {
            String id = one.path("id").asString("");
            identities.put(
                    id,
                    new Identity(
                            id,
                            Instant.parse(one.path("createdOn").asString("")),
                            !isNull(one.path("deletedOn")),
                            one.path("tokensIssued").asLong(0),
                            isNull(one.path("tokensRevokedOn"))
                                    ? null
                                    : Instant.parse(one.path("tokensRevokedOn").asString(""))));
        }
        return new Ledger(identities);
    }

    private static boolean isNull(JsonNode node) {
        return node.isNull() || node.isMissingNode();
    }

    Set<String> live() {
        return identities.values().stream()
                .filter(identity -> !identity.deleted())
                .map(Identity::id)
                .collect(Collectors.toSet());
    }

    /** Fails where there never was such an identity. */
    Identity identity(String id) {
        Identity identity = identities.get(id);
        if (identity == null) {
            throw new AssertionError("the ledger has no identity " + id);
        }
        return identity;
    }
}
