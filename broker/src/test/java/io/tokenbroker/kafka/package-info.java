/** Tests of the edge to Kafka. */
@NullMarked
package io.tokenbroker.kafka;

import org.jspecify.annotations.NullMarked;
