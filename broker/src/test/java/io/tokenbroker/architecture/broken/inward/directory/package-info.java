/** Breaks a rule on purpose. */
@NullMarked
package io.tokenbroker.architecture.broken.inward.directory;

import org.jspecify.annotations.NullMarked;
