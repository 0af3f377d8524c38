package io.tokenbroker.events;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

class EventTypesTest {

    @Test
    void every_record_of_the_language_is_listed_once_under_its_type() {
        // When
        var listed = EventTypes.all();

        // Then
        assertThat(listed)
                .containsExactlyInAnyOrderElementsOf(recordsUnder(BrokerEvent.class)
                        .map(EventTypesTest::typeOf)
                        .toList());
        assertThat(listed).extracting(EventType::name).doesNotHaveDuplicates();
    }

    @Test
    void each_type_is_either_an_input_or_an_outcome() {
        assertThat(EventTypes.inputs())
                .containsExactlyInAnyOrderElementsOf(recordsUnder(LifecycleEvent.class)
                        .map(EventTypesTest::typeOf)
                        .toList());
        assertThat(EventTypes.outcomes())
                .containsExactlyInAnyOrderElementsOf(recordsUnder(OutcomeEvent.class)
                        .map(EventTypesTest::typeOf)
                        .toList());
    }

    @Test
    void a_record_names_the_type_it_is_listed_under() {
        assertThat(new UserDeleted("user-4711").type()).isEqualTo(UserDeleted.TYPE);
        assertThat(Published.examples()).allSatisfy(example -> {
            BrokerEvent event =
                    Published.JSON.treeToValue(example.data(), example.type().dataClass());
            assertThat(event.type()).isEqualTo(example.type().name());
        });
    }

    @Test
    void every_type_carries_the_prefix_and_a_version() {
        assertThat(EventTypes.all())
                .extracting(EventType::name)
                .allMatch(name -> name.matches("tokenbroker\\.[a-z]+\\.[a-z]+(-[a-z]+)*\\.v[1-9]\\d*"));
    }

    @Test
    void a_type_is_found_by_its_exact_name() {
        assertThat(EventTypes.find("tokenbroker.user.created.v1"))
                .hasValue(new EventType(UserCreated.TYPE, UserCreated.class));
        assertThat(EventTypes.find("tokenbroker.user.created.v2")).isEmpty();
        assertThat(EventTypes.find("Tokenbroker.User.Created.v1")).isEmpty();
        assertThat(EventTypes.find("")).isEmpty();
    }

    @Test
    void the_schema_of_an_unknown_type_is_refused_by_name() {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> EventTypes.schema("tokenbroker.user.renamed.v1"))
                .withMessageContaining("tokenbroker.user.renamed.v1");
    }

    @Test
    void the_folders_hold_a_schema_and_two_examples_of_each_type_and_of_nothing_else() {
        var names = EventTypes.all().stream().map(EventType::name).toList();

        assertThat(Published.filesIn("schema"))
                .extracting(file -> String.valueOf(file.getFileName()))
                .containsExactlyInAnyOrderElementsOf(
                        names.stream().map(name -> name + ".json").toList());
        assertThat(Published.filesIn("examples"))
                .extracting(file -> String.valueOf(file.getFileName()))
                .containsExactlyInAnyOrderElementsOf(names);
        assertThat(EventTypes.all())
                .allSatisfy(type -> assertThat(Published.examplesOf(type)).hasSizeGreaterThanOrEqualTo(2));
    }

    @Test
    void the_readme_lists_every_type_with_its_record_and_no_other() throws IOException {
        // Given
        Pattern row = Pattern.compile("^\\| `(tokenbroker\\.[^`]+)` \\| `(\\w+)` \\|", Pattern.MULTILINE);

        // When
        String readme = Files.readString(Path.of("README.md"));

        // Then
        assertThat(row.matcher(readme).results().map(match -> match.group(1) + " " + match.group(2)))
                .containsExactlyElementsOf(EventTypes.all().stream()
                        .map(type -> type + " " + type.dataClass().getSimpleName())
                        .toList());
    }

    private static Stream<Class<?>> recordsUnder(Class<?> type) {
        return type.isSealed()
                ? Arrays.stream(type.getPermittedSubclasses()).flatMap(EventTypesTest::recordsUnder)
                : Stream.of(type);
    }

    private static EventType typeOf(Class<?> record) {
        try {
            return new EventType(
                    String.valueOf(record.getField("TYPE").get(null)), record.asSubclass(BrokerEvent.class));
        } catch (ReflectiveOperationException e) {
            throw new LinkageError(record + " has no public TYPE", e);
        }
    }
}
