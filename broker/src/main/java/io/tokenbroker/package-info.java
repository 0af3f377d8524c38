/** The ACS Token Broker: where the features and the edges are put together. */
@NullMarked
package io.tokenbroker;

import org.jspecify.annotations.NullMarked;
