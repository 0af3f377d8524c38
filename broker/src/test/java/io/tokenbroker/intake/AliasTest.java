package io.tokenbroker.intake;

import static io.tokenbroker.intake.Events.NINE;
import static io.tokenbroker.intake.Events.anEvent;
import static io.tokenbroker.intake.Events.invalid;
import static io.tokenbroker.intake.Events.valid;
import static io.tokenbroker.intake.Events.withData;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import io.cloudevents.core.builder.CloudEventBuilder;
import io.tokenbroker.events.ReconcileRequested;
import io.tokenbroker.events.UserCreated;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class AliasTest {

    private static CloudEventBuilder aJoiner() {
        return withData(
                anEvent("joiner").withExtension("employee", "e-7"),
                "{\"user\":{\"id\":\"bob\",\"number\":4711,\"ratio\":1.5,\"a/b\":\"slash\"},\"list\":[\"first\"]}");
    }

    private static Reading read(String userIdFrom) {
        Intake intake = new Intake(List.of(new Alias("joiner", UserCreated.TYPE, userIdFrom)));
        return intake.read(aJoiner().build(), EventOrigin.inLog(NINE, "key"));
    }

    @ParameterizedTest
    @CsvSource({
        "subject, alice",
        "/subject, alice",
        "/employee, e-7",
        "/id, e1",
        "/data/user/id, bob",
        "/data/user/number, 4711",
        "/data/user/a~1b, slash",
        "/data/list/0, first"
    })
    void theUserIdIsFoundWhereTheAliasSays(String userIdFrom, String userId) {
        assertThat(valid(read(userIdFrom)).userId().value()).isEqualTo(userId);
    }

    @ParameterizedTest
    @ValueSource(strings = {"/data/user", "/data/user/ratio", "/data/nobody", "/nothing", "/id/x", "/data"})
    void aUserIdThatIsNotThereIsNotLookedForElsewhere(String userIdFrom) {
        assertThat(invalid(read(userIdFrom)).errors())
                .singleElement()
                .satisfies(error -> assertThat(error.field()).isEqualTo(userIdFrom));
    }

    @Test
    void anAliasThatCannotWorkIsRefusedWithWhatIsAllowed() {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> new Alias("tokenbroker.user.made.v1", UserCreated.TYPE, null))
                .withMessageContaining("tokenbroker.user.made.v1");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> new Alias("joiner", ReconcileRequested.TYPE, null))
                .withMessageContaining("allowed: one of [tokenbroker.user.created.v1");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> new Alias("joiner", UserCreated.TYPE, "data.user.id"))
                .withMessageContaining("JSON Pointer");
        assertThatIllegalArgumentException().isThrownBy(() -> new Alias(null, UserCreated.TYPE, null));
        Alias joiner = new Alias("joiner", UserCreated.TYPE, null);
        assertThatIllegalArgumentException()
                .isThrownBy(() -> new Intake(List.of(joiner, joiner)))
                .withMessageContaining("twice");
    }
}
