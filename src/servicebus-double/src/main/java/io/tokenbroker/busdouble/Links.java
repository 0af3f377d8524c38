package io.tokenbroker.busdouble;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import org.apache.qpid.proton.Proton;
import org.apache.qpid.proton.amqp.Symbol;
import org.apache.qpid.proton.amqp.UnsignedLong;
import org.apache.qpid.proton.amqp.messaging.Accepted;
import org.apache.qpid.proton.amqp.messaging.Target;
import org.apache.qpid.proton.amqp.transport.ErrorCondition;
import org.apache.qpid.proton.amqp.transport.SenderSettleMode;
import org.apache.qpid.proton.engine.Delivery;
import org.apache.qpid.proton.engine.EndpointState;
import org.apache.qpid.proton.engine.Link;
import org.apache.qpid.proton.engine.Receiver;
import org.apache.qpid.proton.engine.Sender;
import org.apache.qpid.proton.message.Message;
import org.jspecify.annotations.Nullable;

/** The links of one connection. */
final class Links {

    private static final String CBS = "$cbs";
    private static final String MANAGEMENT = "/$management";
    private static final int CREDIT = 500;

    private final Namespace namespace;
    private final Faults faults;
    private final Requests requests;
    private final long maxMessageSize;

    /** The paths that a token was shown for. */
    private final Set<String> authorised = new HashSet<>();

    private final List<Consumer> consumers = new ArrayList<>();
    private final List<Sender> replies = new ArrayList<>();
    private final List<Link> open = new ArrayList<>();

    Links(Namespace namespace, Faults faults, Requests requests, long maxMessageSize) {
        this.namespace = namespace;
        this.faults = faults;
        this.requests = requests;
        this.maxMessageSize = maxMessageSize;
    }

    void attach(Link link, long now) {
        String path = path(link);
        link.setSource(link.getRemoteSource());
        link.setTarget(link.getRemoteTarget());
        link.setSenderSettleMode(link.getRemoteSenderSettleMode());
        link.setReceiverSettleMode(link.getRemoteReceiverSettleMode());
        link.setContext(path);
        boolean forRequests = path.equals(CBS) || path.endsWith(MANAGEMENT);
        String entity = path.endsWith(MANAGEMENT) ? path.substring(0, path.length() - MANAGEMENT.length()) : path;
        if (!path.equals(CBS) && !isAuthorised(entity)) {
            refuse(link, "amqp:unauthorized-access", "Unauthorized access. 'Listen' or 'Send' claim(s) are required");
        } else if (!path.equals(CBS) && namespace.isDisabled(entity)) {
            refuse(link, "com.microsoft:entity-disabled", "Messaging entity '" + entity + "' is currently disabled");
        } else if (forRequests && (path.equals(CBS) || namespace.exists(entity))) {
            open(link);
            if (link instanceof Sender reply) {
                replies.add(reply);
            }
        } else if (link instanceof Sender sender) {
            attachConsumer(sender, entity, now);
        } else if (namespace.isTarget(entity)) {
            open(link);
        } else {
            refuse(link, "amqp:not-found", "The messaging entity '" + entity + "' could not be found");
        }
    }

    private void attachConsumer(Sender sender, String entity, long now) {
        Queue queue = namespace.source(entity);
        if (queue == null) {
            refuse(sender, "amqp:not-found", "The messaging entity '" + entity + "' could not be found");
            return;
        }
        Consumer consumer = new Consumer(sender, queue, now);
        if (queue.hasSessions() != consumer.wantsSession()) {
            refuse(sender, "amqp:not-allowed", "the entity and the receiver do not agree on sessions");
            return;
        }
        sender.setMaxMessageSize(UnsignedLong.valueOf(maxMessageSize));
        open.add(sender);
        consumers.add(consumer);
    }

    private void open(Link link) {
        link.setMaxMessageSize(UnsignedLong.valueOf(maxMessageSize));
        link.open();
        open.add(link);
        if (link instanceof Receiver receiver) {
            receiver.flow(CREDIT);
        }
    }

    static void refuse(Link link, String condition, String description) {
        link.setSource(null);
        link.setTarget(null);
        link.setCondition(new ErrorCondition(Symbol.valueOf(condition), description));
        if (link.getLocalState() == EndpointState.UNINITIALIZED) {
            link.open();
        }
        link.close();
    }

    private static String path(Link link) {
        String address = link instanceof Sender
                ? link.getRemoteSource() == null ? null : link.getRemoteSource().getAddress()
                : link.getRemoteTarget() instanceof Target target ? target.getAddress() : null;
        return address == null ? "" : Namespace.key(address);
    }

    private boolean isAuthorised(String entity) {
        return authorised.stream().anyMatch(path -> path.equals(entity) || entity.startsWith(path + "/"));
    }

    void delivery(Delivery delivery, long now) {
        if (delivery.getLink() instanceof Receiver receiver) {
            if (delivery.isReadable() && !delivery.isPartial() && delivery.equals(receiver.current())) {
                byte[] bytes = new byte[delivery.pending()];
                receiver.recv(bytes, 0, bytes.length);
                receiver.advance();
                take(receiver, delivery, bytes, now);
                receiver.flow(1);
            }
        } else {
            consumers.stream()
                    .filter(consumer -> consumer.sender().equals(delivery.getLink()))
                    .findFirst()
                    .ifPresent(consumer -> consumer.settled(delivery, now));
        }
    }

    private void take(Receiver receiver, Delivery delivery, byte[] bytes, long now) {
        String path = String.valueOf(receiver.getContext());
        if (path.equals(CBS) || path.endsWith(MANAGEMENT)) {
            delivery.disposition(Accepted.getInstance());
            delivery.settle();
            Message request = Proton.message();
            request.decode(bytes, 0, bytes.length);
            reply(path, request, requests.answer(path, request, authorised, now));
            return;
        }
        if (faults.isBusy()) {
            delivery.disposition(Settling.rejected("com.microsoft:server-busy", "The request was terminated: busy"));
        } else if (bytes.length > maxMessageSize) {
            delivery.disposition(Settling.rejected("amqp:link:message-size-exceeded", "the message is too large"));
        } else {
            Batches.messages(delivery.getMessageFormat(), bytes).forEach(one -> namespace.send(path, one, now));
            delivery.disposition(Accepted.getInstance());
        }
        delivery.settle();
    }

    private void reply(String path, Message request, Message response) {
        response.setCorrelationId(request.getMessageId());
        byte[] buffer = new byte[Requests.LARGEST_ANSWER];
        int length = response.encode(buffer, 0, buffer.length);
        replies.stream()
                .filter(reply -> path.equals(reply.getContext()) && isTo(reply, request.getReplyTo()))
                .findFirst()
                .ifPresent(reply -> {
                    Delivery delivery = reply.delivery(new byte[] {1});
                    reply.send(buffer, 0, length);
                    reply.advance();
                    delivery.settle();
                });
    }

    private static boolean isTo(Sender reply, @Nullable String replyTo) {
        return replyTo == null
                || (reply.getRemoteTarget() != null
                        && replyTo.equals(reply.getRemoteTarget().getAddress()))
                || replyTo.equals(reply.getName());
    }

    /** Hands out messages, by turns, as far as there is credit. */
    void deliver(long now) {
        boolean any = !consumers.isEmpty();
        while (any) {
            any = false;
            for (Consumer consumer : List.copyOf(consumers)) {
                any |= consumer.deliverOne(now);
            }
        }
        consumers.forEach(Consumer::drain);
        consumers.removeIf(Consumer::isRefused);
    }

    void detached(Link link) {
        consumers.removeIf(consumer -> {
            if (consumer.sender().equals(link)) {
                consumer.gone();
                return true;
            }
            return false;
        });
        replies.remove(link);
        open.remove(link);
        link.close();
        link.free();
    }

    /** Closes the links to that entity, or all but those for requests where none is named. */
    void detach(@Nullable String entity, String condition, String description) {
        for (Link link : List.copyOf(open)) {
            String path = String.valueOf(link.getContext()).toLowerCase(Locale.ROOT);
            boolean meant = entity == null
                    ? !path.equals(CBS) && !path.endsWith(MANAGEMENT)
                    : path.equals(Namespace.key(entity)) || path.startsWith(Namespace.key(entity) + "/");
            if (meant) {
                detach(link, condition, description);
            }
        }
    }

    /** Closes the link that has the session. */
    void detachSession(String session, String condition, String description) {
        for (Consumer consumer : List.copyOf(consumers)) {
            if (consumer.hasSession(session)) {
                detach(consumer.sender(), condition, description);
            }
        }
    }

    private void detach(Link link, String condition, String description) {
        link.setCondition(new ErrorCondition(Symbol.valueOf(condition), description));
        link.close();
        consumers.stream().filter(one -> one.sender().equals(link)).forEach(Consumer::gone);
        consumers.removeIf(one -> one.sender().equals(link));
        replies.remove(link);
        open.remove(link);
    }

    /** The connection is no more. */
    void gone() {
        consumers.forEach(Consumer::gone);
        consumers.clear();
        replies.clear();
        open.clear();
    }

    static boolean isPreSettled(Link link) {
        return link.getRemoteSenderSettleMode() == SenderSettleMode.SETTLED;
    }
}
