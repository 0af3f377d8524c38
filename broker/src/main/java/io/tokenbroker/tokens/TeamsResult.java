package io.tokenbroker.tokens;

/** What becomes of a {@link TeamsSignIn}. */
public sealed interface TeamsResult {

    record Exchanged(AccessToken token) implements TeamsResult {}

    /** There is no token, as little as there is where a token request has this result. */
    record Failed(TokenResult why) implements TeamsResult {}
}
