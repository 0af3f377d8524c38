package io.tokenbroker.replay;

import io.tokenbroker.directory.AcsIdentityId;
import io.tokenbroker.directory.DirectoryEntry;
import io.tokenbroker.directory.DirectoryView;
import io.tokenbroker.directory.EventRef;
import io.tokenbroker.directory.LogPosition;
import io.tokenbroker.directory.UserId;
import io.tokenbroker.events.LifecycleEvent;
import io.tokenbroker.intake.UserEvent;
import io.tokenbroker.lifecycle.IdentityOwnership;
import io.tokenbroker.lifecycle.Rules;
import io.tokenbroker.lifecycle.Step;
import io.tokenbroker.lifecycle.StepResult;
import io.tokenbroker.lifecycle.TokenDefaults;
import io.tokenbroker.pipeline.DeadLetters;
import io.tokenbroker.pipeline.RawRecord;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Consumer;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/** A log of a few partitions, a directory, and a pipeline and an ACS that do at once what they are told to. */
final class World implements History {

    static final String TOPIC = "topic-1";
    static final int PARTITIONS = 3;
    static final Instant NINE = Instant.parse("2026-11-20T09:00:00Z");
    static final String RETIRING = "00000000-0000-0000-0000-00000000000d";
    static final String CURRENT = "00000000-0000-0000-0000-00000000000c";

    final Rules rules = new Rules(new TokenDefaults(true, Set.of("chat"), 1440), new IdentityOwnership() {
        @Override
        public boolean isForeign(AcsIdentityId identityId) {
            return false;
        }

        @Override
        public Optional<UserId> holderOf(AcsIdentityId identityId) {
            return directory().holderOf(identityId);
        }
    });

    private final DirectoryView directory = new DirectoryView();
    private final List<List<Recorded>> log = new ArrayList<>();
    private final List<List<Letter>> letters = new ArrayList<>();
    private final List<Step> calls = new ArrayList<>();
    private String resource = RETIRING;
    private long committed;
    private final AtomicInteger readings = new AtomicInteger();
    private volatile Set<Integer> failing = Set.of();

    World() {
        IntStream.range(0, PARTITIONS).forEach(partition -> {
            log.add(new ArrayList<>());
            letters.add(new ArrayList<>());
        });
    }

    DirectoryView directory() {
        return directory;
    }

    static int home(String user) {
        return Math.floorMod(user.hashCode(), PARTITIONS);
    }

    /** From now on new identities are made on the other resource. */
    void moveOn() {
        resource = CURRENT;
    }

    Recorded.Event append(LifecycleEvent event, String source, @Nullable String sequence, Instant time) {
        return append(home(event.userId()), event, source, sequence, time);
    }

    synchronized Recorded.Event append(
            int partition, LifecycleEvent event, String source, @Nullable String sequence, Instant time) {
        List<Recorded> records = log.get(partition);
        EventRef ref = new EventRef(UUID.randomUUID().toString(), source, event.type(), time, null, null);
        Recorded.Event recorded = new Recorded.Event(
                new LogPosition(TOPIC, partition, records.size()),
                new UserEvent(new UserId(event.userId()), event, ref, sequence, false),
                home(event.userId()));
        records.add(recorded);
        return recorded;
    }

    Recorded.Event append(Ask ask) {
        return switch (ask) {
            case Ask.Reconcile reconcile -> append(reconcile.request(), "urn:tokenbroker:replay", null, NINE);
            case Ask.Again again -> {
                Letter letter = letters.get(again.letter().partition())
                        .get((int) again.letter().offset());
                yield append(((Letter.Content.Event) letter.content()).event());
            }
        };
    }

    private synchronized Recorded.Event append(UserEvent event) {
        int partition = home(event.userId().value());
        List<Recorded> records = log.get(partition);
        Recorded.Event recorded =
                new Recorded.Event(new LogPosition(TOPIC, partition, records.size()), event, partition);
        records.add(recorded);
        return recorded;
    }

    /** The event could not be applied. */
    synchronized Letter deadLetter(Recorded.Event recorded, String reason, int attempts) {
        UserEvent event = recorded.event();
        RawRecord original = new RawRecord(recorded.position(), NINE, new byte[0], new byte[0], List.of());
        return deadLetter(
                event.userId().value(),
                event.event().type(),
                recorded.position(),
                reason,
                attempts,
                new Letter.Content.Event(event, original));
    }

    /** Nor could it if it came again. */
    synchronized Letter unreadableLetter(String user, String why) {
        LogPosition origin =
                new LogPosition(TOPIC, home(user), log.get(home(user)).size());
        return deadLetter(user, "joiner", origin, why, 0, new Letter.Content.Unreadable(why));
    }

    private Letter deadLetter(
            String user, String type, LogPosition origin, String reason, int attempts, Letter.Content content) {
        List<Letter> partition = letters.get(home(user));
        DeadLetters.Place place = new DeadLetters.Place(home(user), partition.size());
        Letter letter =
                new Letter(new DeadLetters.Listed(place, user, type, reason, attempts, origin, NINE, true), content);
        partition.add(letter);
        return letter;
    }

    /** All dead letters that the filters match. */
    synchronized ReplayRequest redrive(String id, UserFilter users, LetterFilter which) {
        ScanRange range = new ScanRange(
                TOPIC,
                IntStream.range(0, PARTITIONS)
                        .mapToObj(partition -> new ScanRange.Span(
                                partition, 0, letters.get(partition).size()))
                        .toList());
        return new ReplayRequest(id, Mode.REDRIVE, range, users, which, false, false, false, "admin", NINE);
    }

    private void readLetters(ScanRange.Span span, Consumer<Letter> each) {
        List<Letter> read;
        synchronized (this) {
            read = List.copyOf(letters.get(span.partition()).subList((int) span.from(), (int) span.to()));
        }
        read.forEach(each);
    }

    /** ACS will not do what the user's entry needs. */
    synchronized void park(String user) {
        put(rules.park(directory.find(new UserId(user)).orElseThrow(), "ACS: Forbidden", NINE));
    }

    /** By the rules alone: what ACS has to do stays undone. */
    synchronized void decide(Recorded.Event recorded) {
        UserId userId = recorded.event().userId();
        DirectoryEntry entry = directory.find(userId).orElseGet(() -> DirectoryEntry.unknown(userId));
        put(rules.apply(entry, recorded.event(), recorded.position(), NINE).next());
    }

    /** As the pipeline does: by the rules, and what ACS has to do is done. */
    synchronized void apply(Recorded.Event recorded) {
        decide(recorded);
        settle(recorded.event().userId());
    }

    private void settle(UserId userId) {
        DirectoryEntry entry = directory.find(userId).orElseThrow();
        for (Optional<Step> step = rules.nextStep(entry); step.isPresent(); step = rules.nextStep(entry)) {
            calls.add(step.get());
            entry = rules.completed(entry, step.get(), answer(step.get()), NINE).next();
            put(entry);
        }
    }

    private void put(DirectoryEntry entry) {
        directory.apply(entry.userId(), committed++, entry);
    }

    private StepResult answer(Step step) {
        return switch (step) {
            case Step.CreateIdentity create -> made();
            case Step.CreateIdentityWithToken create -> made();
            case Step.RevokeTokens revoke -> new StepResult.TokensRevoked(revoke.identityId(), revoke.epoch());
            case Step.DeleteIdentity delete -> new StepResult.IdentityDeleted(delete.identityId());
        };
    }

    private StepResult made() {
        return new StepResult.IdentityCreated(new AcsIdentityId("8:acs:" + resource + "_" + UUID.randomUUID()), null);
    }

    /** All of the log, as it is now. */
    synchronized ScanRange everything() {
        return new ScanRange(
                TOPIC,
                IntStream.range(0, PARTITIONS)
                        .mapToObj(partition -> new ScanRange.Span(
                                partition, 0, log.get(partition).size()))
                        .toList());
    }

    ReplayRequest request(String id) {
        return request(id, Mode.PROVISION, UserFilter.EVERYBODY);
    }

    ReplayRequest request(String id, Mode mode, UserFilter filter) {
        return new ReplayRequest(id, mode, everything(), filter, null, false, false, false, "admin", NINE);
    }

    Plan plan(ReplayRequest request) {
        return Plan.of(ground(10).candidates(request, null, () -> {}), kind -> 1000);
    }

    Ground ground(int window) {
        return new Ground(
                this,
                (topicId, span, each) -> readLetters(span, each),
                rules,
                directory,
                kind -> 1000,
                resources(),
                java.time.Clock.systemUTC(),
                window);
    }

    private static RetiringResources resources() {
        return new RetiringResources() {
            @Override
            public Optional<String> problem() {
                return Optional.empty();
            }

            @Override
            public boolean isRetiring(AcsIdentityId identityId) {
                return identityId.resourceId().equals(RETIRING);
            }
        };
    }

    synchronized int callsSoFar() {
        return calls.size();
    }

    Optional<DirectoryEntry> entry(String user) {
        return directory.find(new UserId(user));
    }

    @Override
    public void read(String topicId, ScanRange.Span span, boolean acceptGap, Consumer<Recorded> each) {
        List<Recorded> records;
        synchronized (this) {
            records = List.copyOf(log.get(span.partition()).subList((int) span.from(), (int) span.to()));
        }
        boolean fails = failing.contains(readings.incrementAndGet());
        records.subList(0, fails ? records.size() / 2 : records.size()).forEach(each);
        if (fails) {
            throw new Unavailable("for this test", new IllegalStateException());
        }
    }

    /** These, counted from 1, break off in their middle. */
    void failReadings(Set<Integer> which) {
        failing = which;
    }

    synchronized List<Recorded.Event> events() {
        return log.stream()
                .flatMap(List::stream)
                .map(Recorded.Event.class::cast)
                .toList();
    }
}
