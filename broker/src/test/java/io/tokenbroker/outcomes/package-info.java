/** Tests of what the broker announces, and what every feed of it has to hold to. */
@NullMarked
package io.tokenbroker.outcomes;

import org.jspecify.annotations.NullMarked;
