package io.tokenbroker.busdouble;

import java.lang.reflect.Array;
import java.net.URI;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Date;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import org.apache.qpid.proton.Proton;
import org.apache.qpid.proton.amqp.Binary;
import org.apache.qpid.proton.amqp.Symbol;
import org.apache.qpid.proton.amqp.messaging.AmqpValue;
import org.apache.qpid.proton.amqp.messaging.ApplicationProperties;
import org.apache.qpid.proton.message.Message;
import org.jspecify.annotations.Nullable;

/** Answers requests to {@code $cbs}, who shows tokens, and to the {@code $management} of each entity. */
final class Requests {

    /** As far as the answers here go. */
    static final int LARGEST_ANSWER = 2 * 1024 * 1024;

    private static final int OK = 200;
    private static final int ACCEPTED = 202;
    private static final int NOTHING = 204;
    private static final int UNAUTHORISED = 401;
    private static final int NOT_FOUND = 404;
    private static final int GONE = 410;
    private static final int UNKNOWN = 501;

    private final Namespace namespace;
    private final Keys keys;

    Requests(Namespace namespace, Keys keys) {
        this.namespace = namespace;
        this.keys = keys;
    }

    /** @param authorised to which the path of a token that is valid is added */
    Message answer(String path, Message request, Set<String> authorised, long now) {
        String operation = property(request, "operation");
        if (operation.equals("put-token")) {
            return putToken(request, authorised, now);
        }
        Queue queue = namespace.source(path.substring(0, path.lastIndexOf('/')));
        if (queue == null) {
            return answer(NOT_FOUND, "amqp:not-found", null);
        }
        Map<?, ?> body = request.getBody() instanceof AmqpValue value && value.getValue() instanceof Map<?, ?> map
                ? map
                : Map.of();
        return switch (operation) {
            case "com.microsoft:renew-lock" -> renew(queue, body, now);
            case "com.microsoft:update-disposition" -> settle(queue, body, now);
            case "com.microsoft:peek-message" -> peek(queue, body);
            case "com.microsoft:renew-session-lock" -> renewSession(queue, session(body), now);
            case "com.microsoft:get-session-state" -> sessionState(queue, session(body));
            case "com.microsoft:set-session-state" -> setSessionState(queue, body);
            default -> answer(UNKNOWN, "amqp:not-implemented", null);
        };
    }

    private Message putToken(Message request, Set<String> authorised, long now) {
        Object token = request.getBody() instanceof AmqpValue value ? value.getValue() : null;
        if (token == null || !keys.isSigned(token.toString(), Instant.ofEpochMilli(now))) {
            return answer(UNAUTHORISED, "amqp:unauthorized-access", null);
        }
        authorised.add(Namespace.key(URI.create(property(request, "name")).getPath()));
        return answer(ACCEPTED, null, null);
    }

    private static Message renew(Queue queue, Map<?, ?> body, long now) {
        List<Date> until = new ArrayList<>();
        for (UUID token : tokens(body)) {
            long renewed = queue.renew(token, now);
            if (renewed < 0) {
                return answer(GONE, "com.microsoft:message-lock-lost", null);
            }
            until.add(AmqpTime.of(renewed));
        }
        return answer(OK, null, Map.of("expirations", until.toArray(Date[]::new)));
    }

    private static Message settle(Queue queue, Map<?, ?> body, long now) {
        Settling settling = switch (String.valueOf(body.get("disposition-status"))) {
            case "completed" -> new Settling.Complete();
            case "abandoned" -> new Settling.Abandon(Map.of());
            case "defered" -> new Settling.Defer();
            default -> new Settling.Dead(text(body, "deadletter-reason"), text(body, "deadletter-description"));
        };
        for (UUID token : tokens(body)) {
            if (!queue.settle(token, settling, now)) {
                return answer(GONE, "com.microsoft:message-lock-lost", null);
            }
        }
        return answer(OK, null, null);
    }

    private static Message peek(Queue queue, Map<?, ?> body) {
        long from = body.get("from-sequence-number") instanceof Number number ? number.longValue() : 0;
        int most = body.get("message-count") instanceof Number number ? number.intValue() : 1;
        List<Map<String, Object>> messages = new ArrayList<>();
        queue.peek(from, most).forEach(message -> messages.add(Map.of("message", new Binary(message.encoded()))));
        return messages.isEmpty()
                ? answer(NOTHING, "com.microsoft:message-not-found", null)
                : answer(OK, null, Map.of("messages", messages));
    }

    private static Message renewSession(Queue queue, String session, long now) {
        long until = queue.renewSession(session, now);
        return until < 0
                ? answer(GONE, "com.microsoft:session-lock-lost", null)
                : answer(OK, null, Map.of("expiration", AmqpTime.of(until)));
    }

    private static Message sessionState(Queue queue, String session) {
        Map<String, Object> state = new HashMap<>();
        byte[] known = queue.sessionState(session);
        state.put("session-state", known == null ? null : new Binary(known));
        return answer(OK, null, state);
    }

    private static Message setSessionState(Queue queue, Map<?, ?> body) {
        byte[] state = body.get("session-state") instanceof Binary binary ? binary.getArray() : null;
        queue.sessionState(session(body), state);
        return answer(OK, null, null);
    }

    private static String session(Map<?, ?> body) {
        return String.valueOf(body.get("session-id"));
    }

    private static @Nullable String text(Map<?, ?> body, String name) {
        Object value = body.get(name);
        return value == null ? null : value.toString();
    }

    private static List<UUID> tokens(Map<?, ?> body) {
        Object array = body.get("lock-tokens");
        List<UUID> tokens = new ArrayList<>();
        if (array != null && array.getClass().isArray()) {
            for (int i = 0; i < Array.getLength(array); i++) {
                if (Array.get(array, i) instanceof UUID token) {
                    tokens.add(token);
                }
            }
        }
        return tokens;
    }

    private static String property(Message request, String name) {
        ApplicationProperties properties = request.getApplicationProperties();
        Object value = properties == null || properties.getValue() == null
                ? null
                : properties.getValue().get(name);
        return value == null ? "" : value.toString();
    }

    private static Message answer(int status, @Nullable String condition, @Nullable Map<String, ?> body) {
        Message answer = Proton.message();
        Map<String, Object> properties = new HashMap<>();
        properties.put("statusCode", status);
        properties.put("status-code", status);
        properties.put("statusDescription", condition == null ? "OK" : condition);
        properties.put("status-description", condition == null ? "OK" : condition);
        if (condition != null) {
            properties.put("errorCondition", Symbol.valueOf(condition));
        }
        answer.setApplicationProperties(new ApplicationProperties(properties));
        answer.setBody(new AmqpValue(body == null ? Map.of() : body));
        return answer;
    }
}
