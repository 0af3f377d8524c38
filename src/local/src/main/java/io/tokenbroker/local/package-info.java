/** The local stack: everything the broker needs, in one JVM. */
@NullMarked
package io.tokenbroker.local;

import org.jspecify.annotations.NullMarked;
