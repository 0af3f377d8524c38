package io.tokenbroker.directory;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Instant;
import org.junit.jupiter.api.Test;

class CreateIntentsTest {

    private static final UserId ALICE = new UserId("alice");
    private static final UserId BOB = new UserId("bob");

    private final CreateIntents intents = new CreateIntents();

    @Test
    void attemptsAreNumberedAndSettledOneByOne() {
        CreateIntent two = CreateIntent.none(ALICE).begin("a", Instant.EPOCH).begin("b", Instant.EPOCH);

        CreateIntent left = two.settle("a");

        assertThat(left.attempts()).singleElement().satisfies(attempt -> {
            assertThat(attempt.id()).isEqualTo("b");
            assertThat(attempt.number()).isEqualTo(2);
        });
        assertThat(left.begin("c", Instant.EPOCH).attempts().getLast().number()).isEqualTo(3);
        assertThat(left.settle("b").isEmpty()).isTrue();
    }

    @Test
    void allThatIsOpenIsCountedAndListedInUserIdOrder() {
        intents.apply(BOB, 1, CreateIntent.none(BOB).begin("b", Instant.EPOCH));
        intents.apply(
                ALICE, 2, CreateIntent.none(ALICE).begin("a", Instant.EPOCH).begin("c", Instant.EPOCH));

        assertThat(intents.attempts()).isEqualTo(3);
        assertThat(intents.open()).extracting(CreateIntent::userId).containsExactly(ALICE, BOB);
    }

    @Test
    void anOlderRecordChangesNothing() {
        CreateIntent newer = CreateIntent.none(ALICE).begin("b", Instant.EPOCH);
        intents.apply(ALICE, 5, newer);

        intents.apply(ALICE, 4, CreateIntent.none(ALICE).begin("a", Instant.EPOCH));
        intents.apply(ALICE, 4, null);

        assertThat(intents.of(ALICE)).isEqualTo(newer);
    }

    @Test
    void aSettledAttemptIsNotBroughtBackByARecordThatComesLate() {
        CreateIntent begun = CreateIntent.none(ALICE).begin("a", Instant.EPOCH);
        intents.apply(ALICE, 1, begun);
        intents.apply(ALICE, 2, begun.settle("a"));

        intents.apply(ALICE, 1, begun);

        assertThat(intents.of(ALICE).isEmpty()).isTrue();
        assertThat(intents.attempts()).isZero();
    }
}
