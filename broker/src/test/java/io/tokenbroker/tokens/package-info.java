/** How the issuing of tokens is held to its word. */
@NullMarked
package io.tokenbroker.tokens;

import org.jspecify.annotations.NullMarked;
