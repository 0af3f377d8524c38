package io.tokenbroker.tokens;

import static org.assertj.core.api.Assertions.assertThat;

import io.tokenbroker.directory.AcsIdentityId;
import io.tokenbroker.directory.ConfirmedDirectory.Unconfirmed;
import io.tokenbroker.directory.DirectoryEntry;
import io.tokenbroker.directory.LogPosition;
import io.tokenbroker.directory.Standing;
import io.tokenbroker.directory.UserId;
import io.tokenbroker.directory.Verdict;
import io.tokenbroker.events.TokenIssued;
import io.tokenbroker.lifecycle.AcsFault;
import io.tokenbroker.outcomes.Outcome;
import io.tokenbroker.tokens.TokenResult.Issued;
import io.tokenbroker.tokens.TokenResult.NotReady;
import io.tokenbroker.tokens.TokenResult.Reason;
import io.tokenbroker.tokens.TokenResult.Refused;
import io.tokenbroker.tokens.TokenResult.Suspended;
import io.tokenbroker.tokens.TokenResult.TooMany;
import io.tokenbroker.tokens.TokenResult.UnknownUser;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import reactor.core.publisher.Mono;
import reactor.core.scheduler.Schedulers;
import reactor.test.StepVerifier;

/** Which tokens get out, and which do not. */
class TokenReleaseTest {

    private static final UserId ALICE = new UserId("alice");
    private static final AcsIdentityId IDENTITY =
            new AcsIdentityId("8:acs:1b5cc06b-f352-4571-b1e6-d9b259b7c776_00000000-0000-0000-0000-000000000001");
    private static final AcsIdentityId OTHER =
            new AcsIdentityId("8:acs:1b5cc06b-f352-4571-b1e6-d9b259b7c776_00000000-0000-0000-0000-000000000002");
    private static final Instant START = Instant.parse("2026-11-20T10:00:00Z");

    /** The directory, as whoever wrote last left it. */
    private final AtomicReference<@Nullable DirectoryEntry> entry = new AtomicReference<>();

    private final List<Outcome> announced = new ArrayList<>();
    private final List<String> calls = new ArrayList<>();
    private Mono<Optional<DirectoryEntry>> reading = Mono.fromSupplier(() -> Optional.ofNullable(entry.get()));
    private Mono<Void> writing = Mono.empty();
    private Runnable duringCall = () -> {};
    private Runnable duringAppend = () -> {};
    private @Nullable AcsFault fault;
    private Clock clock = Clock.fixed(START, ZoneOffset.UTC);

    private TokenLeasing leasing() {
        AccessTokens acs = (identityId, scopes, minutes) -> Mono.defer(() -> {
            calls.add(identityId + " " + scopes.stream().sorted().toList() + " " + minutes);
            duringCall.run();
            return fault == null
                    ? Mono.just(new AccessToken("token-" + calls.size(), START.plusSeconds(minutes * 60L)))
                    : Mono.error(fault);
        });
        return new TokenLeasing(
                userId -> Mono.defer(() -> reading),
                userId -> Optional.empty(),
                acs,
                new FirstTokens(100, clock),
                outcome -> Mono.defer(() -> {
                    duringAppend.run();
                    announced.add(outcome);
                    return writing;
                }),
                new TokenPolicy(Set.of("chat", "voip"), 1440, TokenPermission.ALL, TokenPermission.ALL),
                new LeaseLimits(100, 10, 0.5),
                clock);
    }

    @Test
    void anActiveUserHasATokenAndItIsAnnouncedBeforehand() {
        entry.set(anActiveUser());

        TokenResult result = asked(null, null);

        assertThat(result).isInstanceOfSatisfying(Issued.class, issued -> {
            assertThat(issued.token().value()).isEqualTo("token-1");
            assertThat(issued.identityId()).isEqualTo(IDENTITY);
            assertThat(issued.scopes()).containsExactlyInAnyOrder("chat", "voip");
            assertThat(issued.expiresOn()).isEqualTo(START.plus(Duration.ofDays(1)));
        });
        assertThat(announced).singleElement().satisfies(outcome -> {
            var event = (TokenIssued) outcome.event();
            assertThat(event.userId()).isEqualTo("alice");
            assertThat(event.reason()).isEqualTo("requested");
            assertThat(event.issuedOn()).isEqualTo(START);
            assertThat(event.tokenId()).isEqualTo(((Issued) result).token().tokenId());
            assertThat(outcome.requestedBy()).isEqualTo("backend");
            assertThat(outcome.toString()).doesNotContain("token-1");
        });
    }

    @Test
    void theRequestGoesBeforeTheUsersDefaultsAndThoseBeforeTheBrokers() {
        entry.set(anActiveUser(Set.of("voip"), 120));
        asked(null, null);
        asked(Set.of("chat.join"), 60);
        entry.set(anActiveUser());
        asked(null, null);

        assertThat(calls)
                .containsExactly(
                        IDENTITY + " [voip] 120", IDENTITY + " [chat.join] 60", IDENTITY + " [chat, voip] 1440");
    }

    @Test
    void whatAcsWouldRefuseIsNamedAndNobodyIsAsked() {
        TokenResult result = asked(Set.of("sms"), 30);

        assertThat(((Refused) result).errors())
                .extracting(error -> error.field() + "=" + error.value())
                .containsExactly("/scopes=sms", "/expiresInMinutes=30");
        assertThat(calls).isEmpty();
    }

    @Test
    void whoIsNotThereHasNoToken() {
        assertThat(asked(null, null)).isEqualTo(new UnknownUser());
        entry.set(DirectoryEntry.unknown(ALICE));
        assertThat(asked(null, null)).isEqualTo(new UnknownUser());
        entry.set(user(Standing.GONE, null, 1, 0));
        assertThat(asked(null, null)).isEqualTo(new UnknownUser());
        entry.set(user(Standing.SUSPENDED, IDENTITY, 1, 1));
        assertThat(asked(null, null)).isEqualTo(new Suspended());
        assertThat(calls).isEmpty();
    }

    @Test
    void whileTheDirectoryCannotBeReadNothingIsConcluded() {
        reading = Mono.error(new Unconfirmed("restoring"));
        assertThat(reason(asked(null, null))).isEqualTo(Reason.UNCONFIRMED);
    }

    @Test
    void aTokenThatCannotBeAnnouncedIsNotReleased() {
        entry.set(anActiveUser());
        writing = Mono.error(new IllegalStateException("Kafka is away"));
        assertThat(reason(asked(null, null))).isEqualTo(Reason.UNCONFIRMED);
    }

    @Test
    void faultsOfAcsAreToldApart() {
        entry.set(anActiveUser());
        fault = new AcsFault(AcsFault.Kind.MISCONFIGURED, "Denied", "x", Duration.ofSeconds(4), null);
        assertThat(asked(null, null)).isEqualTo(new NotReady(Reason.OUTAGE, Duration.ofSeconds(4)));
        fault = new AcsFault(AcsFault.Kind.THROTTLED, "NoTurn", "x", Duration.ofSeconds(9), null);
        assertThat(asked(null, null)).isEqualTo(new NotReady(Reason.BUSY, Duration.ofSeconds(9)));
        fault = new AcsFault(AcsFault.Kind.RETRIABLE, "Http500", "x", null, null);
        assertThat(reason(asked(null, null))).isEqualTo(Reason.BUSY);
        fault = new AcsFault(AcsFault.Kind.REFUSED, "BadRequest", "x", null, null);
        assertThat(asked(null, null)).isInstanceOf(Refused.class);
    }

    @Test
    void aTokenOvertakenByARevocationIsDroppedAndANewOneIssued() {
        entry.set(anActiveUser());
        duringCall = () -> {
            if (calls.size() == 1) {
                entry.set(user(Standing.ACTIVE, IDENTITY, 1, 1)); // revoked, and ACS told already
            }
        };

        TokenResult result = asked(null, null);

        assertThat(((Issued) result).token().value()).isEqualTo("token-2");
    }

    @Test
    void aRevocationBetweenAnnouncementAndReleaseIsNoticed() {
        entry.set(anActiveUser());
        duringAppend = () -> entry.set(user(Standing.SUSPENDED, IDENTITY, 1, 0));
        assertThat(asked(null, null)).isEqualTo(new Suspended());
    }

    @Test
    void aRevocationThatWasOverBeforeTheCallHindersNothing() {
        entry.set(user(Standing.ACTIVE, IDENTITY, 7, 7));
        assertThat(asked(null, null)).isInstanceOf(Issued.class);
        assertThat(calls).hasSize(1);
    }

    @Test
    void aTokenOfAnIdentityThatWasReplacedIsNotReleased() {
        entry.set(anActiveUser());
        duringCall = () -> entry.set(user(Standing.ACTIVE, OTHER, 0, 0));

        TokenResult result = asked(null, null);

        assertThat(((Issued) result).identityId()).isEqualTo(OTHER);
    }

    @Test
    void aDeletionDuringTheCallLeavesNothingToRelease() {
        entry.set(anActiveUser());
        duringCall = () -> entry.set(user(Standing.GONE, null, 1, 0));
        assertThat(asked(null, null)).isEqualTo(new UnknownUser());
    }

    @Test
    void whoIsRevokedAgainAndAgainIsToldToComeBack() {
        entry.set(anActiveUser());
        duringCall = () -> entry.set(user(Standing.ACTIVE, IDENTITY, calls.size(), calls.size()));

        assertThat(reason(asked(null, null))).isEqualTo(Reason.REVOKING);
        assertThat(calls).hasSize(2);
    }

    @Test
    void aRequestWaitsForARevocationUnderWay() {
        StepVerifier.withVirtualTime(() -> {
                    inVirtualTime();
                    entry.set(user(Standing.ACTIVE, IDENTITY, 1, 0));
                    return leasing().token(request(null, null));
                })
                .thenAwait(Duration.ofSeconds(2))
                .then(() -> entry.set(user(Standing.ACTIVE, IDENTITY, 1, 1)))
                .thenAwait(Duration.ofSeconds(1))
                .expectNextMatches(Issued.class::isInstance)
                .verifyComplete();
    }

    @Test
    void nobodyWaitsLongerThanFiveSeconds() {
        StepVerifier.withVirtualTime(() -> {
                    inVirtualTime();
                    entry.set(user(Standing.ACTIVE, null, 0, 0));
                    return leasing().token(request(null, null));
                })
                .thenAwait(Duration.ofSeconds(5))
                .expectNextMatches(result -> reason(result) == Reason.PROVISIONING)
                .verifyComplete();
        StepVerifier.withVirtualTime(() -> {
                    reading = Mono.never();
                    return leasing().token(request(null, null));
                })
                .thenAwait(Duration.ofSeconds(5))
                .expectNextMatches(result -> reason(result) == Reason.BUSY)
                .verifyComplete();
    }

    @Test
    void tenNewTokensAMinuteAreEnoughForOneUser() {
        entry.set(anActiveUser());
        var leasing = leasing();
        for (int i = 0; i < 10; i++) {
            assertThat(leasing.token(request(null, 60 + i)).block()).isInstanceOf(Issued.class);
        }
        assertThat(leasing.token(request(null, 100)).block()).isEqualTo(new TooMany(Duration.ofMinutes(1)));
        assertThat(calls).hasSize(10);
    }

    @Test
    void noTextFormGivesTheTokenAway() {
        var token = new AccessToken("eyJ-secret", START);
        assertThat(token.toString()).doesNotContain("secret");
        assertThat(new Issued(token, IDENTITY, Set.of("chat"), START).toString())
                .doesNotContain("secret");
        assertThat(token.tokenId()).hasSize(43);
    }

    private void inVirtualTime() {
        var scheduler = Schedulers.parallel();
        clock = new Clock() {
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
                return Instant.ofEpochMilli(scheduler.now(TimeUnit.MILLISECONDS));
            }
        };
    }

    private TokenResult asked(@Nullable Set<String> scopes, @Nullable Integer minutes) {
        TokenResult result = leasing().token(request(scopes, minutes)).block(Duration.ofSeconds(10));
        assertThat(result).isNotNull();
        return java.util.Objects.requireNonNull(result);
    }

    private static TokenRequest request(@Nullable Set<String> scopes, @Nullable Integer minutes) {
        return new TokenRequest(ALICE, scopes, minutes, "backend", TokenGrant.TOKENS_ISSUE);
    }

    private static @Nullable Reason reason(TokenResult result) {
        return result instanceof NotReady notReady ? notReady.reason() : null;
    }

    private static DirectoryEntry anActiveUser() {
        return anActiveUser(Set.of(), null);
    }

    private static DirectoryEntry anActiveUser(Set<String> scopes, @Nullable Integer minutes) {
        return user(Standing.ACTIVE, IDENTITY, scopes, minutes, 0, 0);
    }

    private static DirectoryEntry user(Standing standing, @Nullable AcsIdentityId id, long epoch, long revoked) {
        return user(standing, id, Set.of(), null, epoch, revoked);
    }

    private static DirectoryEntry user(
            Standing standing,
            @Nullable AcsIdentityId id,
            Set<String> scopes,
            @Nullable Integer minutes,
            long epoch,
            long revoked) {
        return new DirectoryEntry(
                ALICE,
                standing,
                id,
                List.of(),
                scopes,
                minutes,
                false,
                epoch,
                revoked,
                null,
                standing,
                List.of(),
                new LogPosition("topic", 0, 1),
                Verdict.APPLIED,
                null,
                null,
                START,
                null,
                null);
    }
}
