package io.tokenbroker;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import java.util.stream.StreamSupport;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.springframework.boot.context.properties.bind.Bindable;
import org.springframework.boot.context.properties.bind.Binder;
import org.yaml.snakeyaml.Yaml;

/** Holds {@code src/kubernetes} against the code and against itself. */
class KubernetesManifestsTest {

    private static final Path FOLDER = Path.of("../src/kubernetes");
    private static final String REFERENCE = read(Path.of("../src/docs/reference.md"));
    private static final String GUIDE = read(Path.of("../src/docs/guides/kubernetes.md"));

    @Test
    void everySettingOfItsEnvironmentIsTheBrokers() {
        Map<String, Object> environment = environment();
        environment.put("TOKENBROKER_ACS_RESOURCES_0_CONNECTIONSTRING", "endpoint=https://acs/;accesskey=aGlkZGVu");
        Binder binder = SettingsRecords.fromEnvironment(environment);

        String bound = SettingsRecords.ALL.stream()
                .map(type -> String.valueOf(binder.bindOrCreate(SettingsRecords.prefix(type), Bindable.of(type))))
                .collect(Collectors.joining("\n"));

        assertThat(bound)
                .contains("kafka-bootstrap.kafka:9093")
                .contains("[sasl.mechanism, security.protocol]")
                .contains("replicationFactor=3")
                .contains("https://login.example.com/")
                .contains("audiences=[tokenbroker]");
        assertThat(environment.keySet())
                .filteredOn(name -> !name.startsWith("TOKENBROKER_"))
                .allSatisfy(name -> assertThat(REFERENCE).containsIgnoringCase("`" + name.replace('_', '.')));
    }

    @Test
    void itsProbesAskWhatTheBrokerAnswersAtThePortOfManagement() {
        Object container = container();
        Object management = at(container, "ports", 1);

        assertThat(at(management, "containerPort"))
                .hasToString(String.valueOf(environment().get("MANAGEMENT_SERVER_PORT")));
        for (String probe : List.of("startupProbe", "livenessProbe", "readinessProbe")) {
            assertThat(at(container, probe, "httpGet", "port")).isEqualTo(at(management, "name"));
            assertThat(REFERENCE).contains("/actuator/health/readiness` and `/liveness`");
            assertThat(at(container, probe, "httpGet", "path"))
                    .isEqualTo("/actuator/health/" + (probe.equals("readinessProbe") ? "readiness" : "liveness"));
        }
        assertThat(at(pod(), "metadata", "annotations", "prometheus.io/port"))
                .isEqualTo(environment().get("MANAGEMENT_SERVER_PORT"));
    }

    @Test
    void thereIsTimeToEndInOrder() {
        int preStop = number(at(container(), "lifecycle", "preStop", "sleep", "seconds"));
        int phase = seconds(at(application(), "spring", "lifecycle", "timeout-per-shutdown-phase"));
        int longestDrain = 10;

        assertThat(number(at(pod(), "spec", "terminationGracePeriodSeconds")))
                .isGreaterThanOrEqualTo(preStop + 2 * phase + longestDrain);
    }

    @Test
    void whatSelectsThePodsSelectsThem() {
        Object labels = at(pod(), "metadata", "labels");

        assertThat(at(document("Deployment"), "spec", "selector", "matchLabels"))
                .isEqualTo(labels);
        assertThat(at(document("Service"), "spec", "selector")).isEqualTo(labels);
        assertThat(at(document("PodDisruptionBudget"), "spec", "selector", "matchLabels"))
                .isEqualTo(labels);
        assertThat((List<?>) at(pod(), "spec", "topologySpreadConstraints"))
                .hasSize(2)
                .allSatisfy(each ->
                        assertThat(at(each, "labelSelector", "matchLabels")).isEqualTo(labels));
        assertThat(at(document("Service"), "spec", "ports", 0, "targetPort"))
                .isEqualTo(at(container(), "ports", 0, "name"));
        assertThat(at(container(), "ports", 0, "containerPort")).isEqualTo(at(application(), "server", "port"));
    }

    @Test
    void whatItTakesFromElsewhereIsThere() {
        Object kustomization = new Yaml().load(read(FOLDER.resolve("kustomization.yaml")));

        assertThat((List<?>) at(kustomization, "resources"))
                .allSatisfy(file -> assertThat(FOLDER.resolve(file.toString())).exists());
        assertThat(at(container(), "envFrom", 0, "configMapRef", "name"))
                .isEqualTo(at(kustomization, "configMapGenerator", 0, "name"));
        assertThat(at(container(), "image")).isEqualTo(at(kustomization, "images", 0, "name"));
        assertThat(GUIDE)
                .contains("kubectl create secret generic " + at(container(), "envFrom", 1, "secretRef", "name") + " ");
        assertThat(at(pod(), "spec", "serviceAccountName"))
                .isEqualTo(at(document("ServiceAccount"), "metadata", "name"));
    }

    @Test
    void itMayDoNothingItNeedNot() {
        assertThat(at(pod(), "spec", "automountServiceAccountToken")).isEqualTo(false);
        assertThat(at(pod(), "spec", "securityContext", "runAsNonRoot")).isEqualTo(true);
        assertThat(read(Path.of("../src/docker/Dockerfile")))
                .contains("USER " + at(pod(), "spec", "securityContext", "runAsUser") + ":");
        assertThat(at(container(), "securityContext"))
                .isEqualTo(Map.of(
                        "allowPrivilegeEscalation",
                        false,
                        "readOnlyRootFilesystem",
                        true,
                        "capabilities",
                        Map.of("drop", List.of("ALL"))));
    }

    private static Map<String, Object> environment() {
        return read(FOLDER.resolve("broker.env"))
                .lines()
                .filter(line -> !line.startsWith("#"))
                .map(line -> line.split("=", 2))
                .collect(Collectors.toMap(pair -> pair[0], pair -> pair[1], (one, other) -> one, LinkedHashMap::new));
    }

    private static Object pod() {
        return at(document("Deployment"), "spec", "template");
    }

    private static Object container() {
        return at(pod(), "spec", "containers", 0);
    }

    private static Object application() {
        return new Yaml().load(read(Path.of("src/main/resources/application.yaml")));
    }

    private static Object document(String kind) {
        Stream<Object> documents = StreamSupport.stream(
                new Yaml().loadAll(read(FOLDER.resolve("broker.yaml"))).spliterator(), false);
        return documents
                .filter(each -> at(each, "kind").equals(kind))
                .findFirst()
                .orElseThrow();
    }

    /** What is there at that path of keys and places. */
    private static Object at(Object root, Object... path) {
        @Nullable Object found = root;
        for (Object step : path) {
            found = step instanceof Integer place
                    ? ((List<?>) Objects.requireNonNull(found)).get(place)
                    : ((Map<?, ?>) Objects.requireNonNull(found)).get(step);
        }
        return Objects.requireNonNull(found, () -> List.of(path) + " of " + root);
    }

    private static int number(Object value) {
        return Integer.parseInt(value.toString());
    }

    private static int seconds(Object value) {
        return number(value.toString().replace("s", ""));
    }

    private static String read(Path file) {
        try {
            return Files.readString(file);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
