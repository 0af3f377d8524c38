package io.tokenbroker.emulator;

import io.tokenbroker.emulator.Answer.Refusal;
import io.tokenbroker.emulator.Answer.Success;
import io.tokenbroker.emulator.calls.Operation;
import io.tokenbroker.emulator.keys.TokenKey;
import io.tokenbroker.emulator.ledger.Ledger;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import java.util.function.Supplier;
import reactor.core.publisher.Mono;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ObjectNode;

/** The emulated Communication Services resource: does what a call asks once the call is known to be in order. */
final class Resource {
    private static final DateTimeFormatter EXPIRES_ON =
            DateTimeFormatter.ofPattern("yyyy-MM-dd'T'HH:mm:ss.SSSSSSS'+00:00'").withZone(ZoneOffset.UTC);

    private final UUID id;
    private final TokenKey key;
    private final Ledger ledger;
    private final Clock clock;

    Resource(UUID id, TokenKey key, Ledger ledger, Clock clock) {
        this.id = id;
        this.key = key;
        this.ledger = ledger;
        this.clock = clock;
    }

    Mono<Answer> perform(Route.To route, RequestBody body, ApiVersion version, Optional<Duration> lifetime) {
        Operation operation = route.operation();
        return switch (operation) {
            case CREATE -> create();
            case CREATE_USER_AND_TOKEN ->
                createWithToken(body.scopes(operation), lifetime.orElse(body.lifetime(version)));
            case EXCHANGE -> exchange(body, lifetime);
            case ISSUE ->
                owned(
                        route.identityId(),
                        identity -> issue(identity, body.scopes(operation), lifetime.orElse(body.lifetime(version))));
            case REVOKE -> owned(route.identityId(), identity -> found(ledger.revoke(identity.user(), now())));
            case DELETE -> owned(route.identityId(), identity -> found(ledger.delete(identity.user(), now())));
        };
    }

    private Mono<Answer> create() {
        return ledger.create(false, now())
                .map(user -> new Success(201, created(user).toString()));
    }

    private Mono<Answer> createWithToken(List<String> scopes, Duration lifetime) {
        return ledger.create(true, now()).map(user -> {
            ObjectNode created = created(user);
            created.set("accessToken", token(new IdentityId(id, user).skypeId(), scopes, clock.instant(), lifetime));
            return new Success(201, created.toString());
        });
    }

    private Mono<Answer> issue(IdentityId identity, List<String> scopes, Duration lifetime) {
        return answer(
                ledger.issue(identity.user(), now()),
                () -> new Success(
                        200,
                        token(identity.skypeId(), scopes, clock.instant(), lifetime)
                                .toString()));
    }

    /** The new token ends with the one it was exchanged for. */
    private Mono<Answer> exchange(RequestBody body, Optional<Duration> lifetime) {
        Instant now = clock.instant();
        Optional<UnverifiedJwt> jwt = UnverifiedJwt.parse(body.text("token"));
        if (jwt.isEmpty()) {
            return Mono.just(Refusal.invalidTeamsToken("the token is not a JWT"));
        }
        if (!jwt.get().claims("appid", body.text("appId"))) {
            return Mono.just(Refusal.invalidTeamsToken("its appid is not the appId given"));
        }
        if (!jwt.get().claims("oid", body.text("userId"))) {
            return Mono.just(Refusal.invalidTeamsToken("its oid is not the userId given"));
        }
        if (!jwt.get().expiresOn().isAfter(now)) {
            return Mono.just(Refusal.invalidTeamsToken("it has expired"));
        }
        Duration left = Duration.between(now, jwt.get().expiresOn());
        ObjectNode token = token(
                "orgid:" + body.text("userId"),
                List.of("chat", "voip"),
                now,
                lifetime.filter(given -> given.compareTo(left) < 0).orElse(left));
        return Mono.just(new Success(200, token.toString()));
    }

    private interface Work {
        Mono<Answer> on(IdentityId identity);
    }

    private Mono<Answer> owned(String identityId, Work work) {
        Optional<IdentityId> identity = IdentityId.parse(identityId);
        if (identity.isEmpty()) {
            return Mono.just(Refusal.badRequest("id", "The identity id is not of the form 8:acs:<guid>_<guid>."));
        }
        return identity.get().resource().equals(id) ? work.on(identity.get()) : Mono.just(Refusal.notOwned());
    }

    private static Mono<Answer> found(Mono<Boolean> found) {
        return answer(found, () -> new Success(204, null));
    }

    private static Mono<Answer> answer(Mono<Boolean> found, Supplier<Answer> success) {
        return found.map(is -> is ? success.get() : Refusal.noSuchIdentity());
    }

    private ObjectNode created(UUID user) {
        ObjectNode root = JsonMapper.shared().createObjectNode();
        root.putObject("identity").put("id", new IdentityId(id, user).toString());
        return root;
    }

    private ObjectNode token(String skypeId, List<String> scopes, Instant now, Duration lifetime) {
        Instant expiresOn = now.plus(lifetime);
        ObjectNode claims = JsonMapper.shared().createObjectNode();
        claims.put("skypeid", skypeId);
        claims.put("scp", 1792);
        claims.put("csi", Long.toString(now.getEpochSecond()));
        claims.put("exp", expiresOn.getEpochSecond());
        claims.put("acsScope", String.join(",", scopes));
        claims.put("resourceId", id.toString());
        claims.put("iat", now.getEpochSecond());

        ObjectNode token = JsonMapper.shared().createObjectNode();
        token.put("token", key.sign(claims.toString()));
        token.put("expiresOn", EXPIRES_ON.format(expiresOn));
        return token;
    }

    private long now() {
        return clock.millis();
    }
}
