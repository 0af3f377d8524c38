package io.tokenbroker.busdouble;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * A queue, a subscription, or the dead-letter queue of one. Messages go in the order of their numbers, and those that
 * come back go first. To be used on one thread.
 */
final class Queue {

    static final String REASON = "DeadLetterReason";
    static final String DESCRIPTION = "DeadLetterErrorDescription";

    private static final String NO_SESSION = "";

    private final EntityOptions options;
    private final @Nullable Queue deadLetters;
    private final Map<String, TreeMap<Long, StoredMessage>> waiting = new LinkedHashMap<>();
    private final Map<UUID, StoredMessage> locked = new LinkedHashMap<>();
    private final Map<Long, StoredMessage> deferred = new HashMap<>();
    private final Map<String, SessionLock> sessions = new HashMap<>();
    private final Duplicates seen;
    private final Map<String, byte[]> sessionStates = new HashMap<>();
    private long lastSequence;
    private long completed;
    private long accepted;
    private long duplicates;
    private long failures;
    private long renewals;

    private static final class SessionLock {
        final Object holder;
        long untilMillis;

        SessionLock(Object holder, long untilMillis) {
            this.holder = holder;
            this.untilMillis = untilMillis;
        }
    }

    Queue(EntityOptions options, boolean withDeadLetters) {
        this.options = options;
        this.seen = new Duplicates(options.duplicateDetection());
        this.deadLetters = withDeadLetters ? new Queue(options.forDeadLetters(), false) : null;
    }

    Queue deadLetters() {
        if (deadLetters == null) {
            throw new IllegalStateException("a dead-letter queue has none");
        }
        return deadLetters;
    }

    boolean hasSessions() {
        return options.sessions();
    }

    void add(byte[] encoded, long now) {
        accepted++;
        StoredMessage message = new StoredMessage(lastSequence + 1, now, encoded);
        if (seen.isDuplicate(message.messageId(), now)) {
            duplicates++;
            return;
        }
        lastSequence++;
        back(message);
    }

    private void back(StoredMessage message) {
        message.lock = null;
        waiting.computeIfAbsent(sessionOf(message), session -> new TreeMap<>()).put(message.sequence, message);
    }

    private String sessionOf(StoredMessage message) {
        return options.sessions() ? message.sessionId : NO_SESSION;
    }

    /** The next message, locked where it is to be settled later; nothing where there is none. */
    @Nullable StoredMessage take(@Nullable String session, boolean lock, long now) {
        String key = session == null ? NO_SESSION : session;
        TreeMap<Long, StoredMessage> messages = waiting.get(key);
        if (messages == null) {
            return null;
        }
        StoredMessage next = messages.pollFirstEntry().getValue();
        if (messages.isEmpty()) {
            waiting.remove(key);
        }
        if (lock) {
            next.lock = UUID.randomUUID();
            next.lockedUntilMillis = now + options.lock().toMillis();
            locked.put(next.lock, next);
        } else {
            completed++;
        }
        return next;
    }

    /** Locks that session, or any that is free and has messages, for the holder; nothing where there is none. */
    @Nullable String lockSession(@Nullable String wanted, Object holder, long now) {
        List<String> candidates = wanted == null ? new ArrayList<>(waiting.keySet()) : List.of(wanted);
        for (String candidate : candidates) {
            SessionLock known = sessions.get(candidate);
            if (known == null || known.untilMillis <= now) {
                sessions.put(
                        candidate, new SessionLock(holder, now + options.lock().toMillis()));
                return candidate;
            }
        }
        return null;
    }

    boolean holdsSession(String session, Object holder, long now) {
        SessionLock lock = sessions.get(session);
        return lock != null && lock.holder.equals(holder) && lock.untilMillis > now;
    }

    long sessionLockedUntil(String session, long now) {
        SessionLock lock = sessions.get(session);
        return lock == null ? now : lock.untilMillis;
    }

    /** What is locked of it comes back at once: nobody else could settle it. */
    void releaseSession(String session, Object holder) {
        SessionLock lock = sessions.get(session);
        if (lock != null && lock.holder.equals(holder)) {
            sessions.remove(session);
            List.copyOf(locked.values()).stream()
                    .filter(message -> message.sessionId.equals(session))
                    .forEach(this::failed);
        }
    }

    long renewSession(String session, long now) {
        SessionLock lock = sessions.get(session);
        if (lock == null || lock.untilMillis <= now) {
            return -1;
        }
        renewals++;
        lock.untilMillis = now + options.lock().toMillis();
        return lock.untilMillis;
    }

    byte @Nullable [] sessionState(String session) {
        return sessionStates.get(session);
    }

    void sessionState(String session, byte @Nullable [] state) {
        if (state == null) {
            sessionStates.remove(session);
        } else {
            sessionStates.put(session, state);
        }
    }

    /** Until when it is locked now; -1 for a lock that is lost. */
    long renew(UUID lock, long now) {
        StoredMessage message = locked.get(lock);
        if (message == null) {
            return -1;
        }
        renewals++;
        message.lockedUntilMillis = now + options.lock().toMillis();
        return message.lockedUntilMillis;
    }

    /** @return whether the lock was still held */
    boolean settle(UUID lock, Settling settling, long now) {
        StoredMessage message = locked.remove(lock);
        if (message == null) {
            return false;
        }
        switch (settling) {
            case Settling.Complete complete -> completed++;
            case Settling.Release release -> back(message);
            case Settling.Defer defer -> deferred.put(message.sequence, message);
            case Settling.Abandon abandon -> {
                message.put(abandon.properties());
                locked.put(lock, message);
                failed(message);
            }
            case Settling.Dead dead -> dead(message, dead.reason(), dead.description(), now);
        }
        return true;
    }

    private void failed(StoredMessage message) {
        locked.remove(message.lock);
        failures++;
        message.failures++;
        if (deadLetters != null && message.failures >= options.maxDeliveryCount()) {
            String why = "Message could not be consumed after " + options.maxDeliveryCount() + " delivery attempts.";
            dead(message, "MaxDeliveryCountExceeded", why, message.enqueuedMillis);
        } else {
            back(message);
        }
    }

    private void dead(StoredMessage message, @Nullable String reason, @Nullable String description, long now) {
        Map<String, Object> why = new LinkedHashMap<>();
        if (reason != null) {
            why.put(REASON, reason);
        }
        if (description != null) {
            why.put(DESCRIPTION, description);
        }
        message.lock = null;
        message.put(why);
        deadLetters().addDead(message, now);
    }

    private void addDead(StoredMessage message, long now) {
        lastSequence++;
        back(new StoredMessage(lastSequence, now, message));
    }

    /** Gives back what was locked for too long. */
    void expire(long now) {
        List.copyOf(locked.values()).stream()
                .filter(message -> !options.sessions() && message.lockedUntilMillis <= now)
                .forEach(this::failed);
        sessions.entrySet().removeIf(session -> session.getValue().untilMillis <= now);
        List.copyOf(locked.values()).stream()
                .filter(message -> options.sessions() && !sessions.containsKey(message.sessionId))
                .forEach(this::failed);
        if (deadLetters != null) {
            deadLetters.expire(now);
        }
    }

    /** As if everything had been locked for too long. */
    void expireAll() {
        sessions.clear();
        List.copyOf(locked.values()).forEach(this::failed);
    }

    List<StoredMessage> peek(long fromSequence, int most) {
        TreeMap<Long, StoredMessage> all = new TreeMap<>(deferred);
        waiting.values().forEach(all::putAll);
        locked.values().forEach(message -> all.put(message.sequence, message));
        return all.tailMap(fromSequence).values().stream().limit(most).toList();
    }

    EntityCounts counts() {
        int active = waiting.values().stream().mapToInt(Map::size).sum() + deferred.size();
        int dead = deadLetters == null
                ? 0
                : deadLetters.counts().active() + deadLetters.counts().locked();
        return new EntityCounts(active, locked.size(), dead, completed, accepted, duplicates, failures, renewals);
    }
}
