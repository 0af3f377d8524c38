/** {@code ./tokenbroker replay}: replays from the terminal, over the HTTP of a running broker. */
@NullMarked
package io.tokenbroker.terminal;

import org.jspecify.annotations.NullMarked;
