/** Traces, as what an event leads to is followed through the broker: the port, and what is done where nobody follows. */
@NullMarked
package io.tokenbroker.traces;

import org.jspecify.annotations.NullMarked;
