package io.tokenbroker.emulator.ledger;

import io.tokenbroker.emulator.ledger.Journal.Change;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.ThreadLocalRandom;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import reactor.core.publisher.Mono;

/**
 * Every identity that was ever made here, deleted ones too, in the order they were made. While its file cannot be
 * written, changes fail with {@link LedgerUnwritable} and have no effect; only those under way when that began may have.
 */
public final class Ledger implements AutoCloseable {
    private final Map<UUID, Identity> identities = new ConcurrentHashMap<>();
    private final Queue<Identity> inOrder = new ConcurrentLinkedQueue<>();
    private final Journal journal;

    /** Without a file the ledger is kept in memory alone. */
    public Ledger(@Nullable Path file) {
        journal = file == null ? Journal.none() : JournalFile.open(file, this::replay);
    }

    /** Makes an identity and, with a token, counts that; both in one go. */
    public Mono<UUID> create(boolean withToken, long now) {
        if (!journal.isWritable()) {
            return Mono.error(new LedgerUnwritable(null));
        }
        var random = ThreadLocalRandom.current();
        var user = new UUID(random.nextLong(), random.nextLong());
        Identity identity = add(user, now);
        Mono<Void> written = journal.write(Change.CREATED, user, now);
        if (withToken) {
            identity.tokenIssued();
            written = journal.write(Change.TOKEN_ISSUED, user, now);
        }
        return written.thenReturn(user);
    }

    /** Whether there was an active identity to count a token for. */
    public Mono<Boolean> issue(UUID user, long now) {
        return change(Change.TOKEN_ISSUED, user, now, Identity::tokenIssued);
    }

    /** Whether there was an active identity to revoke the tokens of. */
    public Mono<Boolean> revoke(UUID user, long now) {
        return change(Change.TOKENS_REVOKED, user, now, identity -> identity.tokensRevoked(now));
    }

    /** Whether there was an active identity to delete. */
    public Mono<Boolean> delete(UUID user, long now) {
        return change(Change.DELETED, user, now, identity -> identity.deleted(now));
    }

    /** All identities as they are, in the order they were made. */
    public List<Identity.Snapshot> snapshot() {
        return inOrder.stream().map(Identity::snapshot).toList();
    }

    @Override
    public void close() {
        journal.close();
    }

    private Mono<Boolean> change(Change change, UUID user, long now, Consumer<Identity> effect) {
        if (!journal.isWritable()) {
            return Mono.error(new LedgerUnwritable(null));
        }
        Identity identity = identities.get(user);
        if (identity == null) {
            return Mono.just(false);
        }
        // one lock around both, so that the journal tells an identity's changes in the order they took effect
        synchronized (identity) {
            if (!identity.isActive()) {
                return Mono.just(false);
            }
            effect.accept(identity);
            return journal.write(change, user, now).thenReturn(true);
        }
    }

    private Identity add(UUID user, long now) {
        var identity = new Identity(user, now);
        identities.put(user, identity);
        inOrder.add(identity);
        return identity;
    }

    private void replay(Change change, UUID user, long on) {
        Identity identity = change == Change.CREATED ? add(user, on) : identities.get(user);
        if (identity == null) {
            return;
        }
        switch (change) {
            case CREATED -> {}
            case TOKEN_ISSUED -> identity.tokenIssued();
            case TOKENS_REVOKED -> identity.tokensRevoked(on);
            case DELETED -> identity.deleted(on);
        }
    }
}
