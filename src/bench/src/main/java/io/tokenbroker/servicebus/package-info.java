/** What the Service Bus edge moves a second. */
@NullMarked
package io.tokenbroker.servicebus;

import org.jspecify.annotations.NullMarked;
