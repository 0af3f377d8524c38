/** The edge to Kafka: the only importer of reactor-kafka and kafka-clients. */
@NullMarked
package io.tokenbroker.kafka;

import org.jspecify.annotations.NullMarked;
