/** Breaks a rule on purpose. */
@NullMarked
package io.tokenbroker.architecture.broken.azure.http;

import org.jspecify.annotations.NullMarked;
