/** How the figures are held to what they say. */
@NullMarked
package io.tokenbroker.bench.harness;

import org.jspecify.annotations.NullMarked;
