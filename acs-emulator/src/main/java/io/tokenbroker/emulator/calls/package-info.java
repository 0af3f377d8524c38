/** The operations of the API: how their calls are counted, limited, and made to fail on request. */
@NullMarked
package io.tokenbroker.emulator.calls;

import org.jspecify.annotations.NullMarked;
