/** Tokens for users: scopes policy and the rule under which a token may be released. */
@NullMarked
package io.tokenbroker.tokens;

import org.jspecify.annotations.NullMarked;
