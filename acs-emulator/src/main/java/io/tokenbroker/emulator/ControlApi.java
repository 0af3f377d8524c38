package io.tokenbroker.emulator;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.netty.buffer.Unpooled;
import io.netty.handler.codec.http.QueryStringDecoder;
import io.tokenbroker.emulator.calls.Calls;
import io.tokenbroker.emulator.calls.Faults;
import io.tokenbroker.emulator.calls.FaultsReader;
import io.tokenbroker.emulator.calls.FaultsReader.Result;
import io.tokenbroker.emulator.calls.FaultsReader.Violation;
import io.tokenbroker.emulator.keys.AccessKeys;
import io.tokenbroker.emulator.keys.Keyring;
import io.tokenbroker.emulator.ledger.Identity;
import io.tokenbroker.emulator.ledger.Ledger;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Objects;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;
import reactor.core.scheduler.Schedulers;
import reactor.netty.http.server.HttpServerRequest;
import reactor.netty.http.server.HttpServerResponse;
import reactor.netty.http.server.HttpServerRoutes;
import tools.jackson.databind.json.JsonMapper;

/** What tests and tools ask the emulator itself: certificates, keys, the ledger, the counts, and faults. */
final class ControlApi {
    private static final int IDENTITIES_AT_ONCE = 500;
    private static final String JSON = "application/json; charset=utf-8";
    private static final String KEYS = "primary, secondary";
    private static final String TEXT = "text/plain; charset=utf-8";

    private final IdentityApi api;
    private final Ledger ledger;
    private final Calls calls;
    private final Keyring keys;
    private final String endpoint;

    /** @param endpoint of the API, for connection strings */
    ControlApi(IdentityApi api, Ledger ledger, Calls calls, Keyring keys, String endpoint) {
        this.api = api;
        this.ledger = ledger;
        this.calls = calls;
        this.keys = keys;
        this.endpoint = endpoint;
    }

    void routes(HttpServerRoutes routes) {
        String caPem = keys.authority().pem();
        String jwks = keys.tokenKey().jwks();
        routes.get("/emulator/ca.pem", (request, response) -> send(response, 200, "application/x-pem-file", caPem))
                .get("/emulator/connection-string", this::connectionString)
                .post("/emulator/keys/{key}/regenerate", this::regenerate)
                .get("/emulator/jwks", (request, response) -> send(response, 200, JSON, jwks))
                .get("/emulator/identities", this::identities)
                .get("/emulator/calls", (request, response) -> send(response, 200, JSON, calls.json()))
                .get(
                        "/emulator/faults",
                        (request, response) ->
                                send(response, 200, JSON, api.faults().json()))
                .put("/emulator/faults", this::putFaults)
                .delete("/emulator/faults", (request, response) -> {
                    api.apply(Faults.NONE);
                    return response.status(204).send();
                });
    }

    private Mono<Void> connectionString(HttpServerRequest request, HttpServerResponse response) {
        String named = parameter(request, "key").orElse("primary");
        return keyNamed(named)
                .map(key -> send(response, 200, TEXT, keys.connectionString(endpoint, key)))
                .orElseGet(() -> invalid(response, List.of(new Violation("key", named, KEYS))));
    }

    private Mono<Void> regenerate(HttpServerRequest request, HttpServerResponse response) {
        String named = Objects.requireNonNullElse(request.param("key"), "");
        return keyNamed(named)
                .map(key -> Mono.fromRunnable(() -> keys.regenerate(key))
                        .subscribeOn(Schedulers.boundedElastic())
                        .then(Mono.defer(() -> send(response, 200, TEXT, keys.connectionString(endpoint, key)))))
                .orElseGet(() -> invalid(response, List.of(new Violation("key", named, KEYS))));
    }

    private static Optional<AccessKeys.Name> keyNamed(String name) {
        return Arrays.stream(AccessKeys.Name.values())
                .filter(key -> key.name().toLowerCase(Locale.ROOT).equals(name))
                .findFirst();
    }

    private static Optional<String> parameter(HttpServerRequest request, String name) {
        return new QueryStringDecoder(request.uri())
                .parameters().getOrDefault(name, List.of()).stream().findFirst();
    }

    private Mono<Void> putFaults(HttpServerRequest request, HttpServerResponse response) {
        return request.receive()
                .aggregate()
                .asByteArray()
                .defaultIfEmpty(new byte[0])
                .flatMap(content -> switch (FaultsReader.read(content)) {
                    case Result.Invalid invalid -> invalid(response, invalid.violations());
                    case Result.Read read -> {
                        api.apply(read.faults());
                        yield send(response, 200, JSON, read.faults().json());
                    }
                });
    }

    private Mono<Void> identities(HttpServerRequest request, HttpServerResponse response) {
        Optional<String> state = parameter(request, "state");
        if (state.isPresent() && !state.get().equals("active") && !state.get().equals("deleted")) {
            return invalid(response, List.of(new Violation("state", state.get(), "active, deleted, or none for all")));
        }
        return Mono.fromCallable(ledger::snapshot)
                .map(all -> all.stream()
                        .filter(identity -> state.isEmpty()
                                || identity.isActive() == state.get().equals("active"))
                        .toList())
                .subscribeOn(Schedulers.boundedElastic())
                .flatMap(chosen -> response.header("Content-Type", JSON)
                        .sendString(Flux.concat(
                                Mono.just("{\"count\":" + chosen.size() + ",\"identities\":["),
                                Flux.range(0, (chosen.size() + IDENTITIES_AT_ONCE - 1) / IDENTITIES_AT_ONCE)
                                        .map(page -> page(chosen, page)),
                                Mono.just("]}")))
                        .then());
    }

    private String page(List<Identity.Snapshot> chosen, int page) {
        int from = page * IDENTITIES_AT_ONCE;
        var json = new StringBuilder();
        for (int i = from; i < Math.min(chosen.size(), from + IDENTITIES_AT_ONCE); i++) {
            Identity.Snapshot identity = chosen.get(i);
            json.append(i == 0 ? "" : ",")
                    .append("{\"id\":\"")
                    .append(new IdentityId(keys.resourceId(), identity.user()))
                    .append("\",\"createdOn\":")
                    .append(quoted(identity.createdOn()))
                    .append(",\"deletedOn\":")
                    .append(quoted(identity.deletedOn()))
                    .append(",\"tokensIssued\":")
                    .append(identity.tokensIssued())
                    .append(",\"tokensRevokedOn\":")
                    .append(quoted(identity.tokensRevokedOn()))
                    .append('}');
        }
        return json.toString();
    }

    private static String quoted(@Nullable Object value) {
        return value == null ? "null" : "\"" + value + "\"";
    }

    private static Mono<Void> invalid(HttpServerResponse response, List<Violation> violations) {
        var root = JsonMapper.shared().createObjectNode();
        var errors = root.putArray("errors");
        for (Violation violation : violations) {
            errors.addObject()
                    .put("field", violation.field())
                    .put("value", violation.value())
                    .put("allowed", violation.allowed());
        }
        return send(response, 400, JSON, root.toString());
    }

    private static Mono<Void> send(HttpServerResponse response, int status, String type, String body) {
        return response.status(status)
                .header("Content-Type", type)
                .sendObject(Unpooled.wrappedBuffer(body.getBytes(UTF_8)))
                .then();
    }
}
