/** Breaks a rule on purpose. */
@NullMarked
package io.tokenbroker.architecture.broken.apart.acs;

import org.jspecify.annotations.NullMarked;
