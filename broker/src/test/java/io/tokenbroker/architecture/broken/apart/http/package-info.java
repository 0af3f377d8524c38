/** Breaks a rule on purpose. */
@NullMarked
package io.tokenbroker.architecture.broken.apart.http;

import org.jspecify.annotations.NullMarked;
