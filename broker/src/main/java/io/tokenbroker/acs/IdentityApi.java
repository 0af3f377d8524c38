package io.tokenbroker.acs;

import com.azure.communication.common.CommunicationUserIdentifier;
import com.azure.communication.identity.CommunicationIdentityAsyncClient;
import com.azure.communication.identity.models.CommunicationTokenScope;
import com.azure.communication.identity.models.GetTokenForTeamsUserOptions;
import io.tokenbroker.directory.AcsIdentityId;
import io.tokenbroker.replay.RetiringResources;
import io.tokenbroker.tokens.AccessToken;
import io.tokenbroker.tokens.TeamsSignIn;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;
import reactor.core.publisher.Mono;

/**
 * The ACS Identity API in our words, over all resources. New identities are made on the current resource; calls for an
 * identity go to the resource whose guid its id begins with. Where that guid is not known yet, the resources whose own
 * guid is unknown are tried, the current one first, and the one that does not disown the identity is remembered. Every
 * error is a {@link Failure}; taking something from an identity that is no more is a success.
 */
final class IdentityApi {

    /** An identity and the token that came with it. */
    record Created(AcsIdentityId identityId, AccessToken token) {}

    private final List<AcsResource> resources;
    private final AcsResource current;

    IdentityApi(List<AcsResource> resources) {
        this.resources = List.copyOf(resources);
        this.current =
                resources.stream().filter(AcsResource::current).findFirst().orElseThrow();
    }

    /** Whether the identity is known to be none of ours; false while a resource's own guid is not known. */
    boolean isForeign(AcsIdentityId identityId) {
        return resources.stream()
                .noneMatch(resource ->
                        resource.id() == null || identityId.resourceId().equals(resource.id()));
    }

    /** Who lives on a resource that is given up. */
    RetiringResources retiring() {
        List<AcsResource> retiring =
                resources.stream().filter(resource -> !resource.current()).toList();
        return new RetiringResources() {
            @Override
            public Optional<String> problem() {
                if (retiring.isEmpty()) {
                    return Optional.of("no ACS resource is retiring; allowed: at least one whose state is retiring");
                }
                boolean known = current.id() != null || retiring.stream().allMatch(resource -> resource.id() != null);
                return known
                        ? Optional.empty()
                        : Optional.of("the resource-id of a retiring ACS resource is not set and not known yet");
            }

            @Override
            public boolean isRetiring(AcsIdentityId identityId) {
                String id = identityId.resourceId();
                return retiring.stream().anyMatch(resource -> id.equals(resource.id()))
                        || (current.id() != null
                                && !id.equals(current.id())
                                && retiring.stream().anyMatch(resource -> resource.id() == null));
            }
        };
    }

    Routed<AcsIdentityId> create() {
        return onCurrent(Operation.CREATE, client -> client.createUser().map(user -> made(user.getId())));
    }

    Routed<Created> createWithToken(Set<String> scopes, int minutes) {
        return onCurrent(
                Operation.CREATE_USER_AND_TOKEN,
                client -> client.createUserAndToken(sdkScopes(scopes), Duration.ofMinutes(minutes))
                        .map(both -> new Created(made(both.getUser().getId()), ours(both.getUserToken()))));
    }

    Routed<AccessToken> issue(AcsIdentityId identityId, Set<String> scopes, int minutes) {
        return route(
                Operation.ISSUE,
                identityId,
                client -> client.getToken(user(identityId), sdkScopes(scopes), Duration.ofMinutes(minutes))
                        .map(IdentityApi::ours));
    }

    /** Of a Teams user, who has no identity of the resource's; goes to the current one. */
    Routed<AccessToken> exchange(TeamsSignIn signIn) {
        var options = new GetTokenForTeamsUserOptions(signIn.entraToken(), signIn.appId(), signIn.userId());
        return onCurrent(
                Operation.EXCHANGE,
                client -> client.getTokenForTeamsUser(options).map(IdentityApi::ours));
    }

    Routed<Void> revoke(AcsIdentityId identityId) {
        return route(Operation.REVOKE, identityId, client -> client.revokeTokens(user(identityId)))
                .with(IdentityApi::unlessGone);
    }

    Routed<Void> delete(AcsIdentityId identityId) {
        return route(Operation.DELETE, identityId, client -> client.deleteUser(user(identityId)))
                .with(IdentityApi::unlessGone);
    }

    private <T> Routed<T> onCurrent(Operation operation, Function<CommunicationIdentityAsyncClient, Mono<T>> method) {
        return Routed.to(current.name(), current.call(operation, method));
    }

    private <T> Routed<T> route(
            Operation operation, AcsIdentityId identityId, Function<CommunicationIdentityAsyncClient, Mono<T>> method) {
        return new Routed<>(() -> {
            List<AcsResource> candidates = candidates(identityId.resourceId());
            AcsResource last = candidates.getLast();
            return candidates.stream()
                    .map(each -> new Routed.Attempt<>(
                            each.name(), attempt(each, operation, identityId, method, each != last)))
                    .toList();
        });
    }

    private static <T> Mono<T> attempt(
            AcsResource resource,
            Operation operation,
            AcsIdentityId identityId,
            Function<CommunicationIdentityAsyncClient, Mono<T>> method,
            boolean others) {
        Mono<T> call = resource.call(operation, method);
        if (!others) {
            return call;
        }
        // where others are left to ask, it is no sign of a wrong resource, however often it is said
        return call.doOnSuccess(answer -> resource.learn(identityId.resourceId()))
                .onErrorMap(Failure.class, failure -> Routed.disowned(failure) ? failure.asRefusal() : failure);
    }

    private List<AcsResource> candidates(String resourceId) {
        for (AcsResource resource : resources) {
            if (resourceId.equals(resource.id())) {
                return List.of(resource);
            }
        }
        List<AcsResource> found = new ArrayList<>();
        resources.stream().filter(r -> r.id() == null && r.current()).forEach(found::add);
        resources.stream().filter(r -> r.id() == null && !r.current()).forEach(found::add);
        return found.isEmpty() ? List.of(current) : found;
    }

    private static Mono<Void> unlessGone(Mono<Void> call) {
        return call.onErrorResume(
                error -> error instanceof Failure failure && failure.kind() == Failure.Kind.GONE, gone -> Mono.empty());
    }

    private AcsIdentityId made(String id) {
        var identityId = new AcsIdentityId(id);
        current.learn(identityId.resourceId());
        return identityId;
    }

    private static CommunicationUserIdentifier user(AcsIdentityId identityId) {
        return new CommunicationUserIdentifier(identityId.value());
    }

    private static List<CommunicationTokenScope> sdkScopes(Set<String> scopes) {
        return scopes.stream().sorted().map(CommunicationTokenScope::fromString).toList();
    }

    /** The SDK takes the expiry from the answer, not from the token. */
    private static AccessToken ours(com.azure.core.credential.AccessToken token) {
        return new AccessToken(token.getToken(), token.getExpiresAt().toInstant());
    }
}
