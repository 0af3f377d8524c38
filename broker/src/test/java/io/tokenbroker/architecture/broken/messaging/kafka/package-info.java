/** Breaks a rule on purpose. */
@NullMarked
package io.tokenbroker.architecture.broken.messaging.kafka;

import org.jspecify.annotations.NullMarked;
