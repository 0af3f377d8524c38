/** Azure Service Bus: lifecycle events in, outcomes out. The only importer of azure-messaging-servicebus. */
@NullMarked
package io.tokenbroker.servicebus;

import org.jspecify.annotations.NullMarked;
