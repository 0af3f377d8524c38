package io.tokenbroker.acs;

import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import com.github.benmanes.caffeine.cache.Ticker;
import io.tokenbroker.directory.AcsIdentityId;
import io.tokenbroker.directory.DirectoryView;
import io.tokenbroker.directory.UserId;
import io.tokenbroker.lifecycle.IdentityOwnership;
import java.time.Duration;
import java.util.Optional;
import java.util.function.Predicate;

/**
 * Who has an identity: whoever the directory says, and besides whoever was given it by this instance a moment ago, whose
 * entry is still on its way there. So two users who come with the same identity at once do not both get it. Thread-safe.
 */
final class Adoptions implements IdentityOwnership {

    /** Longer than a transaction takes, also one that is sent again. */
    static final Duration UNDER_WAY = Duration.ofMinutes(1);

    /** More than are on their way at a time; the oldest are in the directory long since. */
    private static final int MOST = 100_000;

    private final Predicate<AcsIdentityId> foreign;
    private final DirectoryView directory;
    private final Cache<AcsIdentityId, UserId> underWay;

    Adoptions(Predicate<AcsIdentityId> foreign, DirectoryView directory, Ticker ticker) {
        this.foreign = foreign;
        this.directory = directory;
        this.underWay = Caffeine.newBuilder()
                .maximumSize(MOST)
                .expireAfterWrite(UNDER_WAY)
                .ticker(ticker)
                .build();
    }

    @Override
    public boolean isForeign(AcsIdentityId identityId) {
        return foreign.test(identityId);
    }

    @Override
    public Optional<UserId> holderOf(AcsIdentityId identityId) {
        return directory.holderOf(identityId);
    }

    @Override
    public Optional<UserId> claim(AcsIdentityId identityId, UserId adopting) {
        return holderOf(identityId)
                .or(() -> Optional.ofNullable(underWay.asMap().putIfAbsent(identityId, adopting)))
                .filter(holder -> !holder.equals(adopting));
    }
}
