package io.tokenbroker.tokens;

import static io.tokenbroker.tokens.TokenWorld.ALICE;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import io.tokenbroker.events.TokenIssued;
import io.tokenbroker.intake.FieldError;
import io.tokenbroker.tokens.TokenResult.Issued;
import io.tokenbroker.tokens.TokenResult.NotPermitted;
import io.tokenbroker.tokens.TokenResult.Refused;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.Set;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import reactor.test.scheduler.VirtualTimeScheduler;

/** Users may have {@code chat} and {@code chat.join} for two hours; whoever issues may have everything. */
class TokenPermissionTest {

    private static final TokenPermission SELF = new TokenPermission(Set.of("chat", "chat.join"), 120);

    private TokenWorld world;

    @BeforeEach
    void anActiveUser() {
        world = new TokenWorld(VirtualTimeScheduler.getOrSet(), SELF);
        world.active(0);
    }

    @AfterEach
    void realTimeAgain() {
        VirtualTimeScheduler.reset();
    }

    @Test
    void whatIsAskedForByNameIsMetToTheLetterOrRefused() {
        assertThat(own(Set.of("chat", "voip", "voip.join"), 121))
                .isEqualTo(new NotPermitted(List.of(
                        new FieldError("/scopes", "voip", "one or more of chat, chat.join"),
                        new FieldError("/scopes", "voip.join", "one or more of chat, chat.join"),
                        new FieldError("/expiresInMinutes", "121", "60 to 120 minutes"))));
        assertThat(world.calls).isZero();

        assertThat(own(Set.of("chat"), 120)).isInstanceOf(Issued.class);
    }

    @Test
    void aScopeThatCoversAnotherDoesNotPermitIt() {
        assertThat(own(Set.of("chat.join.limited"), null)).isInstanceOf(NotPermitted.class);
    }

    @Test
    void whatNobodyMayHaveIsAMistakeAndNotForbidden() {
        assertThat(own(Set.of("telephone", "voip"), 59)).isInstanceOf(Refused.class);
        assertThat(own(null, 1441)).isInstanceOf(Refused.class);
    }

    @Test
    void defaultsAreNarrowedToWhatIsPermittedAndTheAnswerSaysSo() {
        Issued issued = issued(own(null, null));

        assertThat(issued.scopes()).as("of chat and voip").containsExactly("chat");
        assertThat(issued.expiresOn()).as("of a day").isEqualTo(announcedOn().plus(Duration.ofHours(2)));
    }

    @Test
    void whereNothingIsLeftOfTheDefaultsTheyAreNamed() {
        world = new TokenWorld(world.time, new TokenPermission(Set.of("chat.join"), 120));
        world.active(0);

        assertThat(own(null, null))
                .isEqualTo(new NotPermitted(List.of(
                        new FieldError("/scopes", "chat", "one or more of chat.join"),
                        new FieldError("/scopes", "voip", "one or more of chat.join"))));
        assertThat(world.calls).isZero();
        assertThat(own(Set.of("chat.join"), null)).isInstanceOf(Issued.class);
    }

    @Test
    void aTokenThatWasLeasedToAnIssuerIsNotHandedToTheUser() {
        Issued wide = issued(asIssuer(Set.of("chat", "voip"), null));
        Issued lasting = issued(asIssuer(Set.of("chat"), null));
        Issued own = issued(own(null, null));

        assertThat(own.token()).isNotIn(wide.token(), lasting.token());
        assertThat(own.scopes()).containsExactly("chat");
        assertThat(own.expiresOn()).isBefore(lasting.expiresOn());
        assertThat(asIssuer(null, null)).as("each has their own lease").isEqualTo(wide);
        assertThat(own(Set.of("chat"), 120)).isEqualTo(own);
        assertThat(world.calls).isEqualTo(3);
    }

    @Test
    void aStreamNeverTellsATokenBeyondItsHoldersPermission() {
        asIssuer(null, null);
        List<Issued> told = new ArrayList<>();
        world.following
                .follow(request(null, null, TokenGrant.SELF))
                .ofType(TokenSignal.Token.class)
                .subscribe(token -> told.add(token.issued()));
        world.pass(Duration.ofHours(5));

        assertThat(told)
                .hasSizeGreaterThan(2)
                .allSatisfy(issued -> assertThat(issued.scopes()).containsExactly("chat"));
        assertThat(announced())
                .filteredOn(event -> event.scopes().equals(Set.of("chat")))
                .allSatisfy(event -> assertThat(Duration.between(event.issuedOn(), event.expiresOn()))
                        .isLessThanOrEqualTo(Duration.ofHours(2)));
    }

    @Test
    void renewalsBehindTheScenesNameWhomTheyAreFor() {
        world.following.follow(request(null, null, TokenGrant.SELF)).subscribe();
        world.pass(Duration.ofHours(5));

        assertThat(announced()).extracting(TokenIssued::reason).startsWith("requested", "renewed", "renewed");
        assertThat(world.announced)
                .allSatisfy(outcome -> assertThat(outcome.requestedBy()).isEqualTo("caller"));
    }

    @Test
    void whoeverAsksForWhateverGetsNoMoreThanTheirPermission() {
        long seed = new Random().nextLong();
        var random = new Random(seed);
        List<String> all = List.copyOf(new TreeSet<>(TokenPolicy.SCOPES));
        for (int i = 0; i < 300; i++) {
            TokenGrant grant = random.nextBoolean() ? TokenGrant.SELF : TokenGrant.TOKENS_ISSUE;
            Set<String> scopes = new TreeSet<>();
            all.stream().filter(scope -> random.nextInt(3) == 0).forEach(scopes::add);
            Integer minutes = random.nextBoolean() ? null : 60 + 30 * random.nextInt(4);
            boolean asked = random.nextBoolean() && !scopes.isEmpty();
            TokenResult result = ask(request(asked ? scopes : null, minutes, grant));
            world.pass(Duration.ofMinutes(random.nextInt(3)));

            if (result instanceof Issued issued && grant == TokenGrant.SELF) {
                assertThat(SELF.scopes()).as("seed %d, request %d", seed, i).containsAll(issued.scopes());
                assertThat(Duration.between(world.instant(), issued.expiresOn()))
                        .as("seed %d, request %d", seed, i)
                        .isLessThanOrEqualTo(Duration.ofHours(2));
            }
            if (result instanceof Issued issued && asked) {
                assertThat(issued.scopes()).as("seed %d, request %d", seed, i).isEqualTo(scopes);
            }
        }
    }

    @Test
    void aPermissionIsOfScopesAndLifetimesThatThereAre() {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> new TokenPermission(Set.of("sms"), 60))
                .withMessageContaining("sms");
        assertThatIllegalArgumentException().isThrownBy(() -> new TokenPermission(Set.of(), 60));
        assertThatIllegalArgumentException().isThrownBy(() -> new TokenPermission(Set.of("chat"), 59));
    }

    private TokenResult own(@Nullable Set<String> scopes, @Nullable Integer minutes) {
        return ask(request(scopes, minutes, TokenGrant.SELF));
    }

    private TokenResult asIssuer(@Nullable Set<String> scopes, @Nullable Integer minutes) {
        return ask(request(scopes, minutes, TokenGrant.TOKENS_ISSUE));
    }

    private TokenResult ask(TokenRequest request) {
        List<TokenResult> results = new ArrayList<>();
        world.leasing.token(request).subscribe(results::add);
        if (results.isEmpty()) {
            world.pass(Duration.ofSeconds(1));
        }
        return results.getFirst();
    }

    private List<TokenIssued> announced() {
        return world.announced.stream()
                .map(outcome -> (TokenIssued) outcome.event())
                .toList();
    }

    private Instant announcedOn() {
        return announced().getLast().issuedOn();
    }

    private static TokenRequest request(@Nullable Set<String> scopes, @Nullable Integer minutes, TokenGrant grant) {
        return new TokenRequest(ALICE, scopes, minutes, "caller", grant);
    }

    private static Issued issued(TokenResult result) {
        return (Issued) result;
    }
}
