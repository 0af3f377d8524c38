/** Breaks a rule on purpose. */
@NullMarked
package io.tokenbroker.architecture.broken.communication.kafka;

import org.jspecify.annotations.NullMarked;
