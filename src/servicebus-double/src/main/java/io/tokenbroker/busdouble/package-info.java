/**
 * A protocol test double of Azure Service Bus: as much of its AMQP as the broker's tests need, with faults on demand. It
 * keeps everything in memory, and is neither the service nor Microsoft's emulator.
 */
@NullMarked
package io.tokenbroker.busdouble;

import org.jspecify.annotations.NullMarked;
