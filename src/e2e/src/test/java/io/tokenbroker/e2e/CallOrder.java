package io.tokenbroker.e2e;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import tools.jackson.databind.JsonNode;

/** The calls that ACS did something about, user by user: one after the other, and each identity after the one before. */
final class CallOrder {
    private static final Set<String> CREATES = Set.of("create", "createUserAndToken");
    private static final int ANSWERED_WITH_SUCCESS = 300;

    private record Call(String operation, String identityId, Instant began, Instant ended, int status) {
        boolean creates() {
            return CREATES.contains(operation);
        }

        boolean done() {
            return status < ANSWERED_WITH_SUCCESS;
        }
    }

    private final Map<String, List<Call>> byUser = new HashMap<>();
    private final List<String> unforeseen = new ArrayList<>();
    private int calls;
    private int lostRaces;

    /** @param log a line of JSON for each call */
    CallOrder(Path log, Watch watch) {
        Map<String, String> byRequest = watch.usersByRequest();
        Map<String, String> byIdentity = watch.usersByIdentity();
        try (var lines = Files.lines(log)) {
            lines.map(Http.JSON::readTree)
                    // a call that ACS never did anything about is over when its caller gives it up
                    .filter(line -> !line.path("status").isNull())
                    .forEach(line -> add(line, byRequest, byIdentity));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        byUser.values().forEach(list -> list.sort(Comparator.comparing(Call::began)));
    }

    private void add(JsonNode line, Map<String, String> byRequest, Map<String, String> byIdentity) {
        var call = new Call(
                line.path("operation").asString(""),
                line.path("identityId").asString(""),
                Instant.parse(line.path("beganOn").asString("")),
                Instant.parse(line.path("endedOn").asString("")),
                line.path("status").asInt(0));
        String user =
                call.creates() ? byRequest.get(line.path("requestId").asString("")) : byIdentity.get(call.identityId());
        calls++;
        if (user == null && call.creates()) {
            unforeseen.add("a create without an intent: " + line);
        } else if (user == null) {
            // an identity that lost a race is in no entry, and goes
            lostRaces++;
        } else {
            byUser.computeIfAbsent(user, any -> new ArrayList<>()).add(call);
        }
    }

    /** What is not as it should be, in words. */
    List<String> violations() {
        List<String> violations = new ArrayList<>(unforeseen);
        byUser.forEach((user, list) -> check(user, list, violations));
        return violations;
    }

    private static void check(String user, List<Call> list, List<String> violations) {
        Call before = null;
        Set<String> deleted = new HashSet<>();
        for (Call call : list) {
            if (before != null && call.began().isBefore(before.ended())) {
                violations.add(user + ": two calls at once: " + before + " and " + call);
            }
            if (call.operation().equals("delete") && call.done()) {
                deleted.add(call.identityId());
            } else if (!call.creates() && call.done() && deleted.contains(call.identityId())) {
                violations.add(user + ": a call after the end of the identity: " + call);
            }
            before = call;
        }
    }

    @Override
    public String toString() {
        return calls + " calls for " + byUser.size() + " users, " + lostRaces + " for identities that lost a race";
    }
}
