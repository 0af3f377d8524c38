package io.tokenbroker.http;

import io.tokenbroker.tokens.TokenResult;
import java.time.Instant;
import java.util.Set;
import java.util.TreeSet;

/** An answer that holds a token; never to be logged. */
record TokenJson(String token, Instant expiresOn, String identityId, Set<String> scopes) {

    static TokenJson of(TokenResult.Issued issued) {
        return new TokenJson(
                issued.token().value(),
                issued.expiresOn(),
                issued.identityId().value(),
                new TreeSet<>(issued.scopes()));
    }

    @Override
    public String toString() {
        return "TokenJson[hidden, expiresOn=" + expiresOn + "]";
    }
}
