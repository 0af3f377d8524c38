package io.tokenbroker.tokens;

import static org.assertj.core.api.Assertions.assertThat;

import io.tokenbroker.directory.UserId;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneId;
import java.time.ZoneOffset;
import org.junit.jupiter.api.Test;

class IssueLimitTest {

    private Instant now = Instant.parse("2026-11-20T10:00:00Z");
    private final Clock clock = new Clock() {
        @Override
        public ZoneId getZone() {
            return ZoneOffset.UTC;
        }

        @Override
        public Clock withZone(ZoneId zone) {
            return this;
        }

        @Override
        public Instant instant() {
            return now;
        }
    };

    @Test
    void theLimitIsOneOfAnyMinute() {
        var limit = new IssueLimit(2, clock);
        var alice = new UserId("alice");
        assertThat(limit.take(alice)).isEmpty();
        now = now.plusSeconds(50);
        assertThat(limit.take(alice)).isEmpty();
        assertThat(limit.take(alice)).hasValue(Duration.ofSeconds(10));
        assertThat(limit.take(new UserId("bob"))).isEmpty();
        now = now.plusSeconds(10);
        assertThat(limit.take(alice)).isEmpty();
        assertThat(limit.take(alice)).hasValue(Duration.ofSeconds(50));
    }

    @Test
    void whoAskedLongAgoIsForgotten() {
        var limit = new IssueLimit(1, clock);
        for (int i = 0; i < 1000; i++) {
            limit.take(new UserId("user-" + i));
        }
        now = now.plusSeconds(61);
        limit.take(new UserId("somebody"));
        assertThat(limit.remembered()).isEqualTo(1);
    }

    @Test
    void neverMoreUsersAreRememberedThanThereIsRoomFor() {
        var limit = new IssueLimit(1, clock);
        for (int i = 0; i < IssueLimit.REMEMBERED + 1000; i++) {
            limit.take(new UserId("user-" + i));
        }
        assertThat(limit.remembered()).isLessThanOrEqualTo(IssueLimit.REMEMBERED);
    }
}
