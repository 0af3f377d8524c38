package io.tokenbroker.tokens;

/**
 * What a Teams user gives for an ACS token of their own.
 *
 * @param entraToken the user's Entra access token, with the scopes of ACS; a secret
 * @param appId the Entra application it was made for
 * @param userId object id of the user in Entra
 */
public record TeamsSignIn(String entraToken, String appId, String userId) {

    @Override
    public String toString() {
        return "TeamsSignIn[hidden, appId=" + appId + "]";
    }
}
