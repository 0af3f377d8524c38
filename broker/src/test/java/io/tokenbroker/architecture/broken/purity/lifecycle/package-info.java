/** Breaks a rule on purpose. */
@NullMarked
package io.tokenbroker.architecture.broken.purity.lifecycle;

import org.jspecify.annotations.NullMarked;
