package io.tokenbroker.busdouble;

import java.util.LinkedHashMap;
import java.util.Map;
import org.apache.qpid.proton.amqp.Symbol;
import org.apache.qpid.proton.amqp.messaging.Accepted;
import org.apache.qpid.proton.amqp.messaging.Modified;
import org.apache.qpid.proton.amqp.messaging.Rejected;
import org.apache.qpid.proton.amqp.transport.DeliveryState;
import org.apache.qpid.proton.amqp.transport.ErrorCondition;
import org.jspecify.annotations.Nullable;

/** What a receiver says of a message. */
sealed interface Settling {

    record Complete() implements Settling {}

    record Abandon(Map<String, Object> properties) implements Settling {}

    record Defer() implements Settling {}

    record Release() implements Settling {}

    record Dead(@Nullable String reason, @Nullable String description) implements Settling {}

    /** What an AMQP outcome means. */
    static Settling of(DeliveryState state) {
        return switch (state) {
            case Accepted accepted -> new Complete();
            case Rejected rejected -> dead(rejected.getError());
            case Modified modified when Boolean.TRUE.equals(modified.getUndeliverableHere()) -> new Defer();
            case Modified modified -> new Abandon(named(modified.getMessageAnnotations()));
            default -> new Release();
        };
    }

    private static Settling dead(@Nullable ErrorCondition error) {
        Map<String, Object> info = named(error == null ? null : error.getInfo());
        return new Dead(text(info.get(Queue.REASON)), text(info.get(Queue.DESCRIPTION)));
    }

    private static @Nullable String text(@Nullable Object value) {
        return value == null ? null : value.toString();
    }

    private static Map<String, Object> named(@Nullable Map<?, ?> values) {
        Map<String, Object> named = new LinkedHashMap<>();
        if (values != null) {
            values.forEach((name, value) -> named.put(name.toString(), value));
        }
        return named;
    }

    /** The outcome for a message whose lock the receiver no longer has. */
    static Rejected lockLost() {
        return rejected("com.microsoft:message-lock-lost", "the lock supplied is invalid: it expired, or was settled");
    }

    static Rejected rejected(String condition, String description) {
        Rejected rejected = new Rejected();
        rejected.setError(new ErrorCondition(Symbol.valueOf(condition), description));
        return rejected;
    }
}
