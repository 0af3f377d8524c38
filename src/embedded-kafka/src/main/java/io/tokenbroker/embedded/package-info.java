/** Apache Kafka (KRaft) inside this JVM. */
@NullMarked
package io.tokenbroker.embedded;

import org.jspecify.annotations.NullMarked;
