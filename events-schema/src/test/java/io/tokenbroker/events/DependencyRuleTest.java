package io.tokenbroker.events;

import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;
import static org.assertj.core.api.Assertions.assertThat;

import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import com.tngtech.archunit.lang.ArchRule;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.json.JsonMapper;

class DependencyRuleTest {

    private static final ArchRule THE_LANGUAGE_STANDS_ALONE = classes()
            .should()
            .onlyDependOnClassesThat()
            .resideInAnyPackage("java..", "org.jspecify..", "io.tokenbroker.events..");

    @Test
    void the_events_depend_on_nothing_but_the_jdk_and_jspecify() {
        // Given
        JavaClasses published = new ClassFileImporter()
                .withImportOption(new ImportOption.DoNotIncludeTests())
                .importPackages("io.tokenbroker.events");

        // Then
        assertThat(published).hasSizeGreaterThan(EventTypes.all().size());
        THE_LANGUAGE_STANDS_ALONE.check(published);
    }

    @Test
    void a_class_that_uses_another_library_breaks_the_rule() {
        // Given
        JavaClasses offending = new ClassFileImporter().importClasses(BoundToJackson.class);

        // Then
        assertThat(THE_LANGUAGE_STANDS_ALONE
                        .evaluate(offending)
                        .getFailureReport()
                        .getDetails())
                .anyMatch(detail -> detail.contains(JsonMapper.class.getName()));
    }

    private record BoundToJackson(JsonMapper mapper) {}
}
