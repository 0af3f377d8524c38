/** Breaks a rule on purpose. */
@NullMarked
package io.tokenbroker.architecture.broken.clock.replay;

import org.jspecify.annotations.NullMarked;
