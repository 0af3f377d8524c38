package io.tokenbroker.http;

import io.tokenbroker.events.OutcomeEvent;
import io.tokenbroker.outcomes.OutcomeFeed;
import io.tokenbroker.outcomes.OutcomeFeedContract;

/** What the tests of this edge build on is a feed like the real one. */
class InMemoryOutcomeFeedTest extends OutcomeFeedContract {

    private final InMemoryOutcomeFeed feed = new InMemoryOutcomeFeed();

    @Override
    protected OutcomeFeed feed() {
        return feed;
    }

    @Override
    protected void announce(OutcomeEvent event) {
        feed.announce(event);
    }

    @Override
    protected void forget() {
        feed.forget();
    }
}
