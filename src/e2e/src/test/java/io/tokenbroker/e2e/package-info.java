/** Tests over the running processes, through their public surfaces alone: HTTP, Kafka and the emulator's control port. */
@NullMarked
package io.tokenbroker.e2e;

import org.jspecify.annotations.NullMarked;
