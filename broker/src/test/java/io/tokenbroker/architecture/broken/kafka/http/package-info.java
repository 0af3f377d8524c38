/** Breaks a rule on purpose. */
@NullMarked
package io.tokenbroker.architecture.broken.kafka.http;

import org.jspecify.annotations.NullMarked;
