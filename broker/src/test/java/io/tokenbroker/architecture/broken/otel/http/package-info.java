/** Breaks a rule on purpose. */
@NullMarked
package io.tokenbroker.architecture.broken.otel.http;

import org.jspecify.annotations.NullMarked;
