/** Tests of the rules. */
@NullMarked
package io.tokenbroker.lifecycle;

import org.jspecify.annotations.NullMarked;
