package io.tokenbroker.busdouble;

import java.util.HashMap;
import java.util.Map;
import java.util.UUID;
import org.apache.qpid.proton.amqp.Symbol;
import org.apache.qpid.proton.amqp.UnsignedInteger;
import org.apache.qpid.proton.amqp.messaging.Source;
import org.apache.qpid.proton.amqp.transport.DeliveryState;
import org.apache.qpid.proton.engine.Delivery;
import org.apache.qpid.proton.engine.EndpointState;
import org.apache.qpid.proton.engine.Sender;
import org.jspecify.annotations.Nullable;

/** A link that messages are received on; one of an entity with sessions opens when it has its session. */
final class Consumer {

    private static final Symbol SESSION = Symbol.valueOf("com.microsoft:session-filter");
    private static final Symbol LOCKED_UNTIL = Symbol.valueOf("com.microsoft:locked-until-utc");
    private static final Symbol TIMEOUT = Symbol.valueOf("com.microsoft:timeout");
    private static final long USUAL_TIMEOUT_MILLIS = 60_000;
    private static final long TICKS_OF_1970 = 621_355_968_000_000_000L;
    private static final int TICKS_PER_MILLI = 10_000;

    private final Sender sender;
    private final Queue queue;
    private final boolean preSettled;
    private final boolean wantsSession;
    private final @Nullable String wantedSession;
    private final long sessionBy;
    private @Nullable String session;
    private boolean refused;

    Consumer(Sender sender, Queue queue, long now) {
        this.sender = sender;
        this.queue = queue;
        this.preSettled = Links.isPreSettled(sender);
        Map<?, ?> filter = sender.getRemoteSource() instanceof Source source && source.getFilter() != null
                ? source.getFilter()
                : Map.of();
        this.wantsSession = filter.containsKey(SESSION);
        Object wanted = filter.get(SESSION);
        this.wantedSession = wanted == null ? null : wanted.toString();
        Map<Symbol, Object> properties = sender.getRemoteProperties();
        Object timeout = properties == null ? null : properties.get(TIMEOUT);
        long millis = timeout instanceof UnsignedInteger given ? given.longValue() : USUAL_TIMEOUT_MILLIS;
        this.sessionBy = now + millis;
    }

    Sender sender() {
        return sender;
    }

    boolean wantsSession() {
        return wantsSession;
    }

    boolean hasSession(String wanted) {
        return wanted.equals(session);
    }

    boolean isRefused() {
        return refused;
    }

    /** @return whether there was one, and the receiver had asked for it */
    boolean deliverOne(long now) {
        if (refused || !isOpen(now) || sender.getCredit() <= 0) {
            return false;
        }
        if (session != null && !queue.holdsSession(session, this, now)) {
            refused = true;
            Links.refuse(sender, "com.microsoft:session-lock-lost", "the session's lock has expired");
            return false;
        }
        StoredMessage message = queue.take(session, !preSettled, now);
        if (message == null) {
            return false;
        }
        UUID lock = message.lock == null ? UUID.randomUUID() : message.lock;
        byte[] encoded = message.encoded();
        Delivery delivery = sender.delivery(Guids.tag(lock));
        delivery.setContext(lock);
        sender.send(encoded, 0, encoded.length);
        sender.advance();
        if (preSettled) {
            delivery.settle();
        }
        return true;
    }

    private boolean isOpen(long now) {
        if (sender.getLocalState() == EndpointState.ACTIVE) {
            return true;
        }
        if (!wantsSession) {
            sender.open();
            return true;
        }
        session = queue.lockSession(wantedSession, this, now);
        if (session != null) {
            openSession(session, now);
            return true;
        }
        if (now >= sessionBy) {
            refused = true;
            Links.refuse(sender, "com.microsoft:timeout", "there was no session in time");
        }
        return false;
    }

    private void openSession(String locked, long now) {
        Source source = new Source();
        source.setAddress(sender.getRemoteSource().getAddress());
        Map<Symbol, Object> filter = new HashMap<>();
        filter.put(SESSION, locked);
        source.setFilter(filter);
        sender.setSource(source);
        long until = queue.sessionLockedUntil(locked, now);
        sender.setProperties(Map.of(LOCKED_UNTIL, until * TICKS_PER_MILLI + TICKS_OF_1970));
        sender.open();
    }

    /** What is not asked for any more is given back. */
    void drain() {
        if (sender.getLocalState() == EndpointState.ACTIVE && sender.getDrain() && sender.getCredit() > 0) {
            sender.drained();
        }
    }

    void settled(Delivery delivery, long now) {
        DeliveryState state = delivery.getRemoteState();
        if (state == null || !(delivery.getContext() instanceof UUID lock)) {
            return;
        }
        if (delivery.isUpdated() && !delivery.isSettled()) {
            boolean held = queue.settle(lock, Settling.of(state), now);
            delivery.disposition(held ? state : Settling.lockLost());
            delivery.settle();
        }
    }

    /** Messages stay locked, but a session is free again. */
    void gone() {
        if (session != null) {
            queue.releaseSession(session, this);
        }
    }
}
