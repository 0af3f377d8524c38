package io.tokenbroker.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.ScramCredentialInfo;
import org.apache.kafka.clients.admin.ScramMechanism;
import org.apache.kafka.clients.admin.UserScramCredentialUpsertion;
import org.apache.kafka.common.KafkaFuture;
import org.apache.kafka.common.acl.AccessControlEntry;
import org.apache.kafka.common.acl.AclBinding;
import org.apache.kafka.common.acl.AclOperation;
import org.apache.kafka.common.acl.AclPermissionType;
import org.apache.kafka.common.resource.PatternType;
import org.apache.kafka.common.resource.ResourcePattern;
import org.apache.kafka.common.resource.ResourceType;

/**
 * A second way into a Kafka: TLS with a certificate of its own, SCRAM, and an authorizer that lets nobody do what no ACL
 * allows. The first way stays as it is, for whoever looks from outside.
 */
final class SecuredKafka {
    private static final String KEYSTORE_PASSWORD = "of-the-keystore";
    private static final Path SECURITY_PAGE = Path.of("../docs/security.md");
    private static final Pattern QUOTED = Pattern.compile("`([^`]+)`");

    private final Path keystore;
    private final Path authority;
    private final int port = FreePorts.next();

    /** @param folder where keys are kept */
    SecuredKafka(Path folder) {
        keystore = folder.resolve("kafka.p12");
        authority = folder.resolve("kafka-ca.pem");
        keytool(
                "-genkeypair",
                "-alias",
                "kafka",
                "-keyalg",
                "EC",
                "-dname",
                "CN=127.0.0.1",
                "-ext",
                "san=ip:127.0.0.1");
        keytool("-exportcert", "-rfc", "-alias", "kafka", "-file", authority.toString());
    }

    private void keytool(String... arguments) {
        List<String> command = new ArrayList<>(List.of(
                Path.of(System.getProperty("java.home"), "bin", "keytool").toString()));
        command.addAll(List.of(arguments));
        command.addAll(List.of("-keystore", keystore.toString(), "-storepass", KEYSTORE_PASSWORD));
        try {
            Process process = new ProcessBuilder(command)
                    .redirectOutput(ProcessBuilder.Redirect.DISCARD)
                    .redirectError(ProcessBuilder.Redirect.DISCARD)
                    .start();
            assertThat(process.waitFor(30, TimeUnit.SECONDS)).isTrue();
            assertThat(process.exitValue()).as("keytool").isZero();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new AssertionError("interrupted", e);
        }
    }

    /** What Kafka is told. */
    List<String> options(int clients) {
        int controller = FreePorts.next();
        String listeners = "PLAINTEXT://127.0.0.1:" + clients + ",SECURED://127.0.0.1:" + port;
        return List.of(
                "--kafka.listeners=" + listeners + ",CONTROLLER://127.0.0.1:" + controller,
                "--kafka.advertised.listeners=" + listeners,
                "--kafka.controller.quorum.voters=1@127.0.0.1:" + controller,
                "--kafka.listener.security.protocol.map=PLAINTEXT:PLAINTEXT,CONTROLLER:PLAINTEXT,SECURED:SASL_SSL",
                "--kafka.sasl.enabled.mechanisms=SCRAM-SHA-512",
                "--kafka.listener.name.secured.scram-sha-512.sasl.jaas.config="
                        + "org.apache.kafka.common.security.scram.ScramLoginModule required;",
                "--kafka.listener.name.secured.ssl.keystore.type=PKCS12",
                "--kafka.listener.name.secured.ssl.keystore.location=" + keystore,
                "--kafka.listener.name.secured.ssl.keystore.password=" + KEYSTORE_PASSWORD,
                "--kafka.listener.name.secured.ssl.key.password=" + KEYSTORE_PASSWORD,
                "--kafka.authorizer.class.name=org.apache.kafka.metadata.authorizer.StandardAuthorizer",
                "--kafka.super.users=User:ANONYMOUS");
    }

    /** What the broker is told, to come as that user. */
    List<String> settings(String user, String password) {
        return settings(user, password, authority);
    }

    /** @param trusted the authority that the broker believes in */
    List<String> settings(String user, String password, Path trusted) {
        String properties = "--tokenbroker.kafka.properties.";
        return List.of(
                "--tokenbroker.kafka.bootstrap-servers=127.0.0.1:" + port,
                properties + "security.protocol=SASL_SSL",
                properties + "sasl.mechanism=SCRAM-SHA-512",
                properties
                        + "sasl.jaas.config=org.apache.kafka.common.security.scram.ScramLoginModule required username=\""
                        + user + "\" password=\"" + password + "\";",
                properties + "ssl.truststore.type=PEM",
                properties + "ssl.truststore.location=" + trusted);
    }

    static void addUser(Admin admin, String user, String password) {
        join(admin.alterUserScramCredentials(List.of(new UserScramCredentialUpsertion(
                        user, new ScramCredentialInfo(ScramMechanism.SCRAM_SHA_512, 4096), password)))
                .all());
    }

    /** Gives the user what the page on security says that the broker's principal needs, and nothing else. */
    static void allowWhatThePageSays(Admin admin, String user) {
        List<AclBinding> acls = page().stream()
                .flatMap(row -> names(row[0]).stream()
                        .flatMap(name -> Arrays.stream(row[1].split(","))
                                .map(operation -> acl(row[0], name, operation.strip(), user))))
                .toList();
        assertThat(acls).hasSizeGreaterThan(20);
        join(admin.createAcls(acls).all());
    }

    private static List<String[]> page() {
        try {
            String page = Files.readString(SECURITY_PAGE);
            int from = page.indexOf("## Kafka ACLs");
            String table = page.substring(from, page.indexOf("For others:", from));
            return table.lines()
                    .filter(line -> line.startsWith("| ") && !line.startsWith("| resource"))
                    .map(line -> Stream.of(line.split("\\|"))
                            .skip(1)
                            .map(String::strip)
                            .toArray(String[]::new))
                    .toList();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Whom a row is about; all topics, where it names none. */
    private static List<String> names(String resource) {
        List<String> named =
                QUOTED.matcher(resource).results().map(found -> found.group(1)).toList();
        if (!named.isEmpty()) {
            return named;
        }
        return page().stream()
                .map(row -> row[0])
                .filter(other -> other.startsWith("topic "))
                .flatMap(other -> names(other).stream())
                .toList();
    }

    private static AclBinding acl(String resource, String name, String operation, String user) {
        boolean prefix = resource.contains("prefix");
        ResourceType type = resource.startsWith("group")
                ? ResourceType.GROUP
                : resource.startsWith("transactional id") ? ResourceType.TRANSACTIONAL_ID : ResourceType.TOPIC;
        String constant = operation.replaceAll("(?<=[a-z])(?=[A-Z])", "_").toUpperCase(Locale.ROOT);
        return new AclBinding(
                new ResourcePattern(type, name, prefix ? PatternType.PREFIXED : PatternType.LITERAL),
                new AccessControlEntry("User:" + user, "*", AclOperation.valueOf(constant), AclPermissionType.ALLOW));
    }

    static Admin admin(Stack stack) {
        return Admin.create(Map.of("bootstrap.servers", stack.kafka()));
    }

    private static void join(KafkaFuture<?> done) {
        done.toCompletionStage()
                .toCompletableFuture()
                .orTimeout(30, TimeUnit.SECONDS)
                .join();
    }
}
