package io.tokenbroker;

import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideInAPackage;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.fail;

import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.lang.ArchRule;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Stream;
import org.jspecify.annotations.NullMarked;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Who may know whom. Each rule is shown able to fail by a class under {@code architecture.broken} that breaks it. */
class ArchitectureTest {

    private static final String ROOT = "io.tokenbroker.";
    private static final List<String> CORE =
            List.of("lifecycle", "directory", "tokens", "replay", "pipeline", "intake", "outcomes", "traces");
    private static final List<String> EDGES = List.of("acs", "kafka", "servicebus", "http", "telemetry");

    private static final String[] FRAMEWORKS = {
        "org.springframework..", "com.azure..", "org.apache.kafka..", "reactor.kafka..", "io.opentelemetry.."
    };

    private static final JavaClasses BROKER = importedWith(TokenBroker.class);
    private static final JavaClasses TESTS = importedWith(ArchitectureTest.class);

    private static JavaClasses importedWith(Class<?> one) {
        return new ClassFileImporter()
                .importUrl(one.getProtectionDomain().getCodeSource().getLocation());
    }

    /** @param broken package below {@code architecture.broken} whose class breaks the rule */
    record Rule(String broken, Function made) {
        interface Function {
            ArchRule of(String root);
        }

        ArchRule in(String root) {
            return made.of(root);
        }

        @Override
        public String toString() {
            return broken;
        }
    }

    static Stream<Rule> rules() {
        return Stream.of(
                new Rule(
                        "core",
                        root -> noClasses()
                                .that()
                                .resideInAnyPackage(packages(root, CORE))
                                .should()
                                .dependOnClassesThat()
                                .resideInAnyPackage(FRAMEWORKS)
                                .as("the core knows no framework")),
                new Rule(
                        "purity",
                        root -> noClasses()
                                .that()
                                .resideInAPackage(root + "lifecycle..")
                                .should()
                                .dependOnClassesThat()
                                .resideInAnyPackage("reactor..", "org.reactivestreams..")
                                .as("the rules are synchronous")),
                new Rule(
                        "inward",
                        root -> noClasses()
                                .that()
                                .resideInAnyPackage(packages(root, CORE))
                                .should()
                                .dependOnClassesThat()
                                .resideInAnyPackage(packages(root, EDGES))
                                .as("imports run from the edges inward")),
                new Rule("kafka", root -> only(root, "kafka", "org.apache.kafka..", "reactor.kafka..")),
                new Rule(
                        "azure",
                        root -> noClasses()
                                .that()
                                .resideOutsideOfPackages(root + "acs..", root + "servicebus..")
                                .should()
                                .dependOnClassesThat()
                                .resideInAPackage("com.azure..")
                                .as("only the edges to Azure import its SDK")),
                new Rule("communication", root -> only(root, "acs", "com.azure.communication..")),
                new Rule(
                        "messaging",
                        root -> only(root, "servicebus", "com.azure.messaging..", "com.azure.core.amqp..")),
                new Rule(
                        "web",
                        root -> only(
                                root,
                                "http",
                                "org.springframework.web..",
                                "org.springframework.http..",
                                "org.springframework.security..")),
                new Rule(
                        "clock",
                        root -> noClasses()
                                .that()
                                .resideInAnyPackage(packages(root, CORE))
                                .should()
                                .callMethod(java.time.Instant.class, "now")
                                .orShould()
                                .callMethod(System.class, "currentTimeMillis")
                                .as("the core is told the time")),
                new Rule("otel", root -> only(root, "telemetry", "io.opentelemetry..")),
                edgesApart("acs"),
                edgesApart("kafka"),
                edgesApart("servicebus"),
                edgesApart("http"),
                edgesApart("telemetry"));
    }

    private static Rule edgesApart(String edge) {
        List<String> others =
                EDGES.stream().filter(other -> !other.equals(edge)).toList();
        return new Rule(
                "apart",
                root -> noClasses()
                        .that()
                        .resideInAPackage(root + edge + "..")
                        .should()
                        .dependOnClassesThat()
                        .resideInAnyPackage(packages(root, others))
                        .as(edge + " imports no other edge"));
    }

    private static ArchRule only(String root, String edge, String... theirs) {
        return noClasses()
                .that()
                .resideOutsideOfPackage(root + edge + "..")
                .should()
                .dependOnClassesThat()
                .resideInAnyPackage(theirs)
                .as("only " + edge + " imports " + String.join(", ", theirs));
    }

    private static String[] packages(String root, List<String> features) {
        return features.stream().map(feature -> root + feature + "..").toArray(String[]::new);
    }

    @ParameterizedTest
    @MethodSource("rules")
    void theBrokerKeepsTheRule(Rule rule) {
        rule.in(ROOT).allowEmptyShould(true).check(BROKER);
    }

    @ParameterizedTest
    @MethodSource("rules")
    void aClassThatBreaksTheRuleIsFound(Rule rule) {
        String root = ROOT + "architecture.broken." + rule.broken() + ".";
        JavaClasses broken = TESTS.that(resideInAPackage(root + "."));

        assertThat(broken).isNotEmpty();
        assertThat(rule.in(root).allowEmptyShould(true).evaluate(broken).hasViolation())
                .isTrue();
    }

    @Test
    void everyGuardedPackageHasClasses() {
        Stream.concat(CORE.stream(), EDGES.stream()).forEach(feature -> {
            long classes = BROKER.stream()
                    .filter(one -> one.getPackageName().startsWith(ROOT + feature))
                    .filter(one -> !one.getSimpleName().equals("package-info"))
                    .count();
            if (classes == 0) {
                fail("the rules guard nothing in " + feature);
            }
        });
    }

    @Test
    void everyPackageIsNullMarked() {
        Set<String> unmarked = new TreeSet<>();
        BROKER.stream().map(one -> one.getPackage()).distinct().forEach(one -> {
            if (!one.isAnnotatedWith(NullMarked.class)) {
                unmarked.add(one.getName());
            }
        });

        assertThat(unmarked).isEmpty();
        JavaClasses broken = TESTS.that(resideInAPackage(ROOT + "architecture.broken.unmarked"));
        assertThat(broken).isNotEmpty().noneMatch(one -> one.getPackage().isAnnotatedWith(NullMarked.class));
    }
}
