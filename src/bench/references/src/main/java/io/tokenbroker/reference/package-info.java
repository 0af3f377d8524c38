/** The broker's work done in simpler ways, each a process of its own, to measure the broker beside. */
@NullMarked
package io.tokenbroker.reference;

import org.jspecify.annotations.NullMarked;
