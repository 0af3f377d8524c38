/** Breaks a rule on purpose. */
@NullMarked
package io.tokenbroker.architecture.broken.apart.telemetry;

import org.jspecify.annotations.NullMarked;
