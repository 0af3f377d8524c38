/** How the edge to ACS is held to its word. */
@NullMarked
package io.tokenbroker.acs;

import org.jspecify.annotations.NullMarked;
