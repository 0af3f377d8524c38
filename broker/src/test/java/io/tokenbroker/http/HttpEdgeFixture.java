package io.tokenbroker.http;

import io.tokenbroker.directory.AcsIdentityId;
import io.tokenbroker.directory.ConfirmedDirectory;
import io.tokenbroker.directory.CreateIntents;
import io.tokenbroker.directory.DirectoryEntry;
import io.tokenbroker.directory.DirectoryView;
import io.tokenbroker.directory.EventRef;
import io.tokenbroker.directory.LogPosition;
import io.tokenbroker.directory.Parked;
import io.tokenbroker.directory.Standing;
import io.tokenbroker.directory.UserId;
import io.tokenbroker.directory.Verdict;
import io.tokenbroker.intake.Intake;
import io.tokenbroker.lifecycle.AcsFault;
import io.tokenbroker.outcomes.Outcome;
import io.tokenbroker.outcomes.OutcomeLog;
import io.tokenbroker.replay.Replays;
import io.tokenbroker.tokens.AccessToken;
import io.tokenbroker.tokens.AccessTokens;
import io.tokenbroker.tokens.FirstTokens;
import io.tokenbroker.tokens.LeaseLimits;
import io.tokenbroker.tokens.TeamsExchange;
import io.tokenbroker.tokens.TeamsSignIn;
import io.tokenbroker.tokens.TeamsTokens;
import io.tokenbroker.tokens.TokenFollowing;
import io.tokenbroker.tokens.TokenLeasing;
import io.tokenbroker.tokens.TokenPermission;
import io.tokenbroker.tokens.TokenPolicy;
import io.tokenbroker.traces.Traces;
import java.net.URI;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.BeforeEach;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.beans.factory.annotation.Value;
import org.springframework.boot.SpringBootConfiguration;
import org.springframework.boot.autoconfigure.EnableAutoConfiguration;
import org.springframework.boot.test.context.SpringBootTest;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.ComponentScan;
import org.springframework.http.HttpMethod;
import org.springframework.http.client.reactive.ReactorClientHttpConnector;
import org.springframework.test.context.DynamicPropertyRegistry;
import org.springframework.test.context.DynamicPropertySource;
import org.springframework.test.web.reactive.server.WebTestClient;
import reactor.core.publisher.Mono;
import reactor.core.scheduler.Schedulers;
import reactor.netty.http.client.HttpClient;
import reactor.netty.resources.ConnectionProvider;

/** The edge on a port of its own, over ports in memory and with an issuer of its own. */
@SpringBootTest(
        classes = HttpEdgeFixture.Edge.class,
        webEnvironment = SpringBootTest.WebEnvironment.RANDOM_PORT,
        properties = {
            "tokenbroker.sse.heartbeat=1s",
            "tokenbroker.security.sources[0].subject=hr",
            "tokenbroker.security.sources[0].allowed=urn:hr,urn:hr:legacy"
        })
abstract class HttpEdgeFixture {

    static final TestIssuer ISSUER = TestIssuer.start();

    /** Another trusted issuer, whose users are told apart by a prefix. */
    static final TestIssuer PARTNER = TestIssuer.start();

    static final AcsIdentityId IDENTITY = identity(1);

    @Value("${local.server.port}")
    int port;

    @Autowired
    InMemoryLifecycleLog log;

    @Autowired
    InMemoryOutcomeFeed feed;

    @Autowired
    InMemoryDeadLetters deadLetters;

    @Autowired
    DirectoryView directory;

    @Autowired
    CreateIntents intents;

    @Autowired
    Acs acs;

    @Autowired
    Announced announced;

    private static final AtomicLong NEXT_OFFSET = new AtomicLong();

    @SpringBootConfiguration
    @EnableAutoConfiguration
    @ComponentScan
    static class Edge {

        @Bean
        Traces traces() {
            return Traces.OFF;
        }

        @Bean
        Clock clock() {
            return Clock.systemUTC();
        }

        @Bean
        Intake intake() {
            return new Intake(List.of());
        }

        @Bean
        InMemoryLifecycleLog lifecycleLog() {
            return new InMemoryLifecycleLog();
        }

        @Bean
        InMemoryOutcomeFeed outcomeFeed() {
            return new InMemoryOutcomeFeed();
        }

        @Bean
        InMemoryDeadLetters deadLetters() {
            return new InMemoryDeadLetters();
        }

        @Bean
        DirectoryView directoryView() {
            return new DirectoryView();
        }

        @Bean
        ConfirmedDirectory confirmedDirectory(DirectoryView view) {
            return userId -> userId.value().startsWith("unconfirmed")
                    ? Mono.error(new ConfirmedDirectory.Unconfirmed("restoring"))
                    : Mono.fromSupplier(() -> view.find(userId));
        }

        @Bean
        CreateIntents createIntents() {
            return new CreateIntents();
        }

        @Bean
        Acs acs() {
            return new Acs();
        }

        /** Users may have less than those who issue. */
        @Bean
        TokenPolicy tokenPolicy() {
            var self = new TokenPermission(Set.of("chat", "voip", "chat.join"), 720);
            var issuers = new TokenPermission(Set.of("chat", "voip", "voip.join"), 1000);
            return new TokenPolicy(Set.of("chat"), 60, self, issuers);
        }

        @Bean
        Announced announced() {
            return new Announced();
        }

        @Bean
        TokenLeasing tokenLeasing(
                ConfirmedDirectory directory,
                DirectoryView view,
                Acs acs,
                Announced announced,
                TokenPolicy policy,
                Clock clock) {
            var limits = new LeaseLimits(1000, 3, 0.5);
            var firstTokens = new FirstTokens(1000, clock);
            var leasing = new TokenLeasing(directory, view::find, acs, firstTokens, announced, policy, limits, clock);
            view.listen(leasing::changed);
            return leasing;
        }

        @Bean
        TokenFollowing tokenFollowing(DirectoryView view, TokenLeasing leasing, Clock clock) {
            return new TokenFollowing(view, leasing, clock, Schedulers.parallel(), after -> {});
        }

        @Bean
        InMemoryReplays inMemoryReplays() {
            return new InMemoryReplays();
        }

        @Bean
        Replays replays(InMemoryReplays replays, Clock clock) {
            return new Replays(replays.book, replays, clock);
        }

        @Bean
        TeamsExchange teamsExchange(Acs acs, Announced announced, Clock clock) {
            return new TeamsExchange(acs, announced, 3, clock);
        }
    }

    /** What was announced of tokens, in its order. */
    static final class Announced implements OutcomeLog {

        private final List<Outcome> outcomes = new CopyOnWriteArrayList<>();

        @Override
        public Mono<Void> append(Outcome outcome) {
            return Mono.fromRunnable(() -> outcomes.add(outcome));
        }

        /** What was announced on behalf of this caller. */
        List<Outcome> by(String caller) {
            return outcomes.stream()
                    .filter(outcome -> caller.equals(outcome.requestedBy()))
                    .toList();
        }
    }

    /** ACS, as far as tokens go. */
    static final class Acs implements AccessTokens, TeamsTokens {

        static final String TOKEN = "secret-token";

        @Override
        public Mono<AccessToken> issue(AcsIdentityId identityId, Set<String> scopes, int minutes) {
            return Mono.just(new AccessToken(TOKEN, Instant.parse("2030-01-01T00:00:00Z")));
        }

        @Override
        public Mono<AccessToken> exchange(TeamsSignIn signIn) {
            return signIn.entraToken().equals("good")
                    ? Mono.just(new AccessToken(TOKEN, Instant.parse("2030-01-01T00:00:00Z")))
                    : Mono.error(new AcsFault(AcsFault.Kind.REFUSED, "InvalidAccessToken", "x", null, null));
        }
    }

    @DynamicPropertySource
    static void issuers(DynamicPropertyRegistry properties) {
        properties.add("tokenbroker.security.issuers[0].issuer-uri", ISSUER::uri);
        properties.add("tokenbroker.security.issuers[0].audiences[0]", () -> TestIssuer.AUDIENCE);
        properties.add("tokenbroker.security.issuers[1].issuer-uri", PARTNER::uri);
        properties.add("tokenbroker.security.issuers[1].audiences[0]", () -> "partners");
        properties.add("tokenbroker.security.issuers[1].user-id-claim", () -> "oid");
        properties.add("tokenbroker.security.issuers[1].user-id-prefix", () -> "partner:");
        properties.add("tokenbroker.security.issuers[1].roles-claim", () -> "permissions");
    }

    @BeforeEach
    void startEmpty() {
        log.reset();
        deadLetters.reset();
        for (DirectoryEntry entry : directory.entriesAfter(null).toList()) {
            directory.apply(entry.userId(), NEXT_OFFSET.incrementAndGet(), null);
        }
    }

    /** Whatever a test reads with it is held against the OpenAPI document too. */
    WebTestClient client() {
        // answers of which only the status is looked at would use up a pool
        HttpClient unpooled = HttpClient.create(ConnectionProvider.newConnection());
        return WebTestClient.bindToServer(new ReactorClientHttpConnector(unpooled))
                .baseUrl("http://localhost:" + port)
                .responseTimeout(Duration.ofSeconds(20))
                .entityExchangeResultConsumer(DocumentedAnswers::check)
                .build();
    }

    /** A call whose path is sent just as it is written here. */
    WebTestClient.RequestBodySpec call(HttpMethod method, String rawPath, String token) {
        return client().method(method)
                .uri(URI.create("http://localhost:" + port + rawPath))
                .headers(headers -> headers.setBearerAuth(token));
    }

    void given(DirectoryEntry entry) {
        directory.apply(entry.userId(), NEXT_OFFSET.incrementAndGet(), entry);
    }

    static String admin() {
        return ISSUER.token("admin", Role.USERS_ADMIN);
    }

    static String writer() {
        return ISSUER.token("writer", Role.EVENTS_WRITE);
    }

    static String user(String userId) {
        return ISSUER.token(userId);
    }

    static AcsIdentityId identity(int number) {
        return new AcsIdentityId(
                "8:acs:00000000-0000-0000-0000-00000000000a_00000000-0000-0000-0000-%012d".formatted(number));
    }

    static DirectoryEntry anActiveUser(String userId) {
        return entry(userId, Standing.ACTIVE, IDENTITY, null, Verdict.APPLIED, null);
    }

    static DirectoryEntry aSuspendedUser(String userId) {
        return entry(userId, Standing.SUSPENDED, IDENTITY, null, Verdict.APPLIED, null);
    }

    static DirectoryEntry aDeletedUser(String userId) {
        return entry(userId, Standing.GONE, null, null, Verdict.APPLIED, null);
    }

    static DirectoryEntry aUserWithoutIdentity(String userId) {
        return entry(userId, Standing.ACTIVE, null, null, Verdict.APPLIED, null);
    }

    static DirectoryEntry entry(
            String userId,
            Standing standing,
            @Nullable AcsIdentityId identityId,
            @Nullable LogPosition lastApplied,
            Verdict verdict,
            @Nullable Parked parked) {
        EventRef last = new EventRef(
                "event-1",
                "urn:test",
                "tokenbroker.user.created.v1",
                Instant.parse("2026-01-01T00:00:00Z"),
                null,
                null);
        return new DirectoryEntry(
                new UserId(userId),
                standing,
                identityId,
                List.of(),
                Set.of("voip", "chat"),
                null,
                false,
                0,
                0,
                null,
                standing,
                List.of(),
                lastApplied,
                verdict,
                last,
                parked,
                Instant.parse("2026-01-01T00:00:01Z"),
                null,
                null);
    }
}
