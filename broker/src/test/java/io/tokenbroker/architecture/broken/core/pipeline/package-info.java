/** Breaks a rule on purpose. */
@NullMarked
package io.tokenbroker.architecture.broken.core.pipeline;

import org.jspecify.annotations.NullMarked;
