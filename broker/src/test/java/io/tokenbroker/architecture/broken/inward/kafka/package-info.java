/** Breaks a rule on purpose. */
@NullMarked
package io.tokenbroker.architecture.broken.inward.kafka;

import org.jspecify.annotations.NullMarked;
