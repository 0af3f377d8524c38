/** Breaks a rule on purpose. */
@NullMarked
package io.tokenbroker.architecture.broken.apart.servicebus;

import org.jspecify.annotations.NullMarked;
