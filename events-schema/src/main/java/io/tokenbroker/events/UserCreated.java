package io.tokenbroker.events;

import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * The user exists and shall have one active ACS identity. For a user who is active already it replaces the default
 * scopes; it never makes a second identity and never lifts a suspension.
 *
 * @param scopes default scopes of the user's tokens; {@code null} for the broker's default
 * @param expiresInMinutes lifetime of the user's tokens, 60 to 1440 minutes; {@code null} for the broker's default
 * @param identityId an identity of the broker's ACS resource to adopt instead of creating one; {@code null} to create
 */
public record UserCreated(
        String userId,
        @Nullable Set<String> scopes,
        @Nullable Integer expiresInMinutes,
        @Nullable String identityId) implements LifecycleEvent {

    public static final String TYPE = "tokenbroker.user.created.v1";

    public UserCreated {
        scopes = scopes == null ? null : Set.copyOf(scopes);
    }

    @Override
    public String type() {
        return TYPE;
    }
}
