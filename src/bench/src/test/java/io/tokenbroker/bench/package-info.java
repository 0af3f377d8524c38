/** How the figures are held to what they say. */
@NullMarked
package io.tokenbroker.bench;

import org.jspecify.annotations.NullMarked;
