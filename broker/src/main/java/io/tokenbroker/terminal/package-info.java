/** {@code ./tokenbroker replay} and {@code dead-letters}: jobs from the terminal, over the HTTP of a running broker. */
@NullMarked
package io.tokenbroker.terminal;

import org.jspecify.annotations.NullMarked;
