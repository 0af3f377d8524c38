package io.tokenbroker.directory;

import java.util.function.UnaryOperator;

/**
 * An identity id as the view holds it: 32 bytes of heap besides the text that all identities of a resource share.
 *
 * @param text the resource's guid; the whole id where the user's guid is not in canonical form, and then no numbers
 */
record IdentityKey(String text, long high, long low) {

    /** @param shared finds the one copy to keep of a text that recurs */
    static IdentityKey of(AcsIdentityId identityId, UnaryOperator<String> shared) {
        Guid guid = Guid.parse(identityId.user(), 0);
        return guid == null
                ? new IdentityKey(identityId.value(), 0, 0)
                : new IdentityKey(shared.apply(identityId.resource()), guid.high(), guid.low());
    }
}
