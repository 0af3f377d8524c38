package io.tokenbroker.servicebus;

import com.azure.core.amqp.exception.AmqpException;
import com.azure.messaging.servicebus.ServiceBusException;
import com.azure.messaging.servicebus.ServiceBusFailureReason;
import java.util.concurrent.TimeoutException;
import org.jspecify.annotations.Nullable;

/** What a failure of Service Bus means, classified in this one place. Its words hold no key. */
final class BusFault {

    private BusFault() {}

    /** In words for health and logs. */
    static String reason(Throwable fault) {
        ServiceBusFailureReason known = known(fault);
        if (known != null && !known.equals(ServiceBusFailureReason.GENERAL_ERROR)) {
            return known.toString();
        }
        AmqpException amqp = find(fault, AmqpException.class);
        return amqp != null && amqp.getErrorCondition() != null
                ? amqp.getErrorCondition().toString()
                : fault.getClass().getSimpleName();
    }

    /** Whether the message or session is somebody else's by now. */
    static boolean isLockLost(Throwable fault) {
        ServiceBusFailureReason known = known(fault);
        return ServiceBusFailureReason.MESSAGE_LOCK_LOST.equals(known)
                || ServiceBusFailureReason.SESSION_LOCK_LOST.equals(known);
    }

    /** Whether the same client may find it otherwise a little later. */
    static boolean isPassing(Throwable fault) {
        AmqpException amqp = find(fault, AmqpException.class);
        return fault instanceof TimeoutException || (amqp != null && amqp.isTransient());
    }

    /** Whether the message will never fit. */
    static boolean isTooLarge(Throwable fault) {
        return ServiceBusFailureReason.MESSAGE_SIZE_EXCEEDED.equals(known(fault));
    }

    private static @Nullable ServiceBusFailureReason known(Throwable fault) {
        ServiceBusException found = find(fault, ServiceBusException.class);
        return found == null ? null : found.getReason();
    }

    private static <T extends Throwable> @Nullable T find(Throwable fault, Class<T> type) {
        for (Throwable one = fault; one != null; one = one.getCause()) {
            if (type.isInstance(one)) {
                return type.cast(one);
            }
        }
        return null;
    }
}
