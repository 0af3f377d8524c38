package io.tokenbroker.e2e;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.tokenbroker.e2e.Outcomes.Outcome;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Consumer;

/**
 * Compares what upstream asked for, what the directory says, what was announced, and what ACS has. They must agree
 * whenever nothing is under way.
 *
 * @param orphans the identity ids {@code GET /v1/orphans} names, empty where it knows none
 */
record Oracle(LifecycleLog log, DirectoryLog directory, Outcomes outcomes, Ledger ledger, List<String> orphans) {

    Oracle {
        orphans = List.copyOf(orphans);
    }

    static Oracle look(Stack stack, BrokerApi broker) {
        return look(stack.kafka(), stack.emulator(), broker);
    }

    private static Oracle look(String kafka, Emulator emulator, BrokerApi broker) {
        return new Oracle(
                LifecycleLog.read(kafka),
                DirectoryLog.read(kafka),
                Outcomes.read(kafka),
                emulator.ledger(),
                broker.orphans());
    }

    /** Returns what was seen once everything agrees; fails with what does not after that time. */
    static Oracle awaitAgreement(Stack stack, BrokerApi broker, Duration limit) {
        return awaitAgreement(stack, broker, limit, anything -> {});
    }

    /** @param expected what must hold besides, as nobody disagrees on what has not been read yet */
    static Oracle awaitAgreement(Stack stack, BrokerApi broker, Duration limit, Consumer<Oracle> expected) {
        return awaitAgreement(stack.kafka(), stack.emulator(), broker, limit, expected);
    }

    static Oracle awaitAgreement(
            String kafka, Emulator emulator, BrokerApi broker, Duration limit, Consumer<Oracle> expected) {
        List<Oracle> seen = new ArrayList<>();
        await("agreement of log, directory, outcomes and ledger")
                .atMost(limit)
                .pollDelay(Duration.ZERO)
                .pollInterval(Duration.ofMillis(500))
                .untilAsserted(() -> {
                    Oracle now = look(kafka, emulator, broker);
                    assertThat(now.violations()).isEmpty();
                    expected.accept(now);
                    seen.add(now);
                });
        return seen.getLast();
    }

    /** What does not agree, in words. */
    List<String> violations() {
        List<String> violations = new ArrayList<>();
        checkDirectory(violations);
        checkLedger(violations);
        checkTokensTaken(violations);
        checkEachOnce(violations);
        checkSuccession(violations);
        return violations;
    }

    /** Live identities that no user has. */
    Set<String> unclaimed() {
        Set<String> unclaimed = new HashSet<>(ledger.live());
        directory.entries().values().forEach(entry -> unclaimed.remove(entry.identityId()));
        return unclaimed;
    }

    private void checkDirectory(List<String> violations) {
        for (String user : log.users()) {
            var entry = directory.entries().get(user);
            boolean has = entry != null && entry.wanted() && !entry.identityId().isEmpty();
            if (log.wanted().contains(user) != has) {
                violations.add(user + (has ? " is gone and has an identity" : " exists and has no identity"));
            }
        }
        log.astray().forEach(id -> violations.add("not written again where its user is: event " + id));
        for (var entry : directory.entries().values()) {
            if (entry.wanted() && entry.suspended() != log.suspended().contains(entry.userId())) {
                violations.add(entry.userId() + (entry.suspended() ? " is" : " is not") + " suspended");
            }
            if (entry.wanted() && !log.users().contains(entry.userId())) {
                violations.add(entry.userId() + " was never asked for");
            }
            if (!entry.wanted() && !entry.identityId().isEmpty()) {
                violations.add(entry.userId() + " is gone and keeps an identity");
            }
            if (!entry.doomed().isEmpty() || entry.parked()) {
                violations.add(entry.userId() + " is not done with: " + entry);
            }
        }
    }

    private void checkLedger(List<String> violations) {
        Map<String, String> owners = new HashMap<>();
        Set<String> live = ledger.live();
        for (var entry : directory.entries().values()) {
            if (!entry.identityId().isEmpty()) {
                String other = owners.put(entry.identityId(), entry.userId());
                if (other != null) {
                    violations.add(other + " and " + entry.userId() + " share an identity");
                }
                if (!live.contains(entry.identityId())) {
                    violations.add(entry.userId() + " has an identity that ACS has not");
                }
            }
        }
        Set<String> unclaimed = unclaimed();
        long named = orphans.stream()
                .filter(orphan -> orphan.isEmpty() || unclaimed.contains(orphan))
                .count();
        if (unclaimed.size() > named) {
            violations.add(unclaimed.size() + " live identities are nobody's, and orphans names " + named);
        }
    }

    /** The tokens an identity was given before its user was to lose them, ACS was told to take away. */
    private void checkTokensTaken(List<String> violations) {
        log.voided().forEach((user, on) -> {
            var entry = directory.entries().get(user);
            var identity = entry == null ? null : ledger.identities().get(entry.identityId());
            if (identity != null
                    && identity.tokensIssued() > 0
                    && identity.createdOn().isBefore(on)) {
                Instant taken = identity.tokensRevokedOn();
                if (taken == null || taken.isBefore(on)) {
                    violations.add(user + " was to lose every token on " + on + ", and lost them on " + taken);
                }
            }
        });
    }

    private void checkEachOnce(List<String> violations) {
        Set<String> ids = new HashSet<>();
        Set<String> told = new HashSet<>();
        for (Outcome outcome : outcomes.all()) {
            if (!ids.add(outcome.id())) {
                violations.add("told twice, with the same id: " + outcome);
            }
            boolean once = switch (outcome.type()) {
                case Outcomes.PROVISIONED, Outcomes.DELETED -> true;
                // two tokens of the same second are one token to ACS
                case Outcomes.ISSUED -> outcome.reason().equals("first-token");
                default -> false;
            };
            if (!outcome.type().equals(Outcomes.ISSUED)
                    && !outcome.causedBy().isEmpty()
                    && !told.add(outcome.type() + " for " + outcome.causedBy())) {
                violations.add("told twice, for one event: " + outcome);
            }
            if (once && !told.add(outcome.userId() + " " + outcome.type() + " " + outcome.identityId())) {
                violations.add("told twice: " + outcome);
            }
        }
    }

    /** One identity after the other, never two at a time, the last one being what the directory has. */
    private void checkSuccession(List<String> violations) {
        Map<String, String> current = new HashMap<>();
        for (Outcome outcome : outcomes.all()) {
            switch (outcome.type()) {
                case Outcomes.PROVISIONED -> {
                    String before = current.put(outcome.userId(), outcome.identityId());
                    if (before != null) {
                        violations.add(outcome.userId() + " was given an identity beside another: " + outcome);
                    }
                }
                case Outcomes.DELETED -> {
                    if (!current.remove(outcome.userId(), outcome.identityId())) {
                        violations.add("the end of an identity that was not told before: " + outcome);
                    }
                    if (ledger.live().contains(outcome.identityId())) {
                        violations.add("told to be deleted, and alive: " + outcome);
                    }
                }
                default -> {}
            }
        }
        directory.entries().values().forEach(entry -> {
            String told = current.getOrDefault(entry.userId(), "");
            if (!told.equals(entry.identityId())) {
                violations.add(entry.userId() + " has '" + entry.identityId() + "', but was told '" + told + "'");
            }
        });
        current.keySet().stream()
                .filter(user -> !directory.entries().containsKey(user))
                .forEach(user -> violations.add(user + " was told of an identity and is not in the directory"));
    }
}
