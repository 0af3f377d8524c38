/** Breaks a rule on purpose. */
@NullMarked
package io.tokenbroker.architecture.broken.web.acs;

import org.jspecify.annotations.NullMarked;
