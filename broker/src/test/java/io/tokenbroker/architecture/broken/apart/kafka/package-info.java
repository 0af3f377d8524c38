/** Breaks a rule on purpose. */
@NullMarked
package io.tokenbroker.architecture.broken.apart.kafka;

import org.jspecify.annotations.NullMarked;
