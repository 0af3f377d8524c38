package io.tokenbroker.local;

import io.tokenbroker.emulator.EmulatorOptions;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * What a broker of the stack is told: where the other parts are, and then what the caller sets. Where the caller sets
 * one of the other parts' places, that part is not asked.
 */
final class BrokerSettings {
    private static final String KAFKA = "tokenbroker.kafka.bootstrap-servers";
    private static final String ACS = "tokenbroker.acs.resources";
    private static final String ACS_CERTIFICATES = "tokenbroker.acs.trusted-certificates";
    private static final String ACS_QUOTA = "tokenbroker.acs.quota.";
    private static final List<String> OPERATIONS =
            List.of("create", "create-user-and-token", "issue", "exchange", "revoke", "delete");

    /** More calls in 30 s than this machine can make. */
    private static final int NO_QUOTA = 1_000_000;

    private static final String ISSUERS = "tokenbroker.security.issuers";

    private BrokerSettings() {}

    /** Waits for the parts that the broker needs. */
    static Map<String, Object> of(Options options, Neighbours neighbours) throws IOException {
        Map<String, Object> settings = new LinkedHashMap<>();
        settings.put("server.address", LocalPort.HOST);
        settings.put("server.port", options.port(LocalPort.BROKER));
        if (!options.setsForBroker(KAFKA)) {
            settings.put(KAFKA, neighbours.kafka());
        }
        if (!options.setsForBroker(ACS)) {
            settings.put(ACS + "[0].connection-string", neighbours.acsConnectionString());
            settings.put(ACS + "[0].state", "current");
            if (!options.setsForBroker(ACS_CERTIFICATES)) {
                Path file = options.data().resolve("broker").resolve("acs-ca.pem");
                settings.put(ACS_CERTIFICATES, write(neighbours.acsCertificateAuthority(), file));
            }
        }
        if (!options.setsForBroker(ISSUERS)) {
            settings.put(ISSUERS + "[0].issuer-uri", neighbours.issuer());
            settings.put(ISSUERS + "[0].audiences[0]", "tokenbroker");
        }
        if (options.emulator().quota() == EmulatorOptions.QuotaPolicy.NONE) {
            OPERATIONS.forEach(operation -> settings.put(ACS_QUOTA + operation, NO_QUOTA));
        }
        settings.putAll(options.broker());
        return settings;
    }

    /** In one step, as a second broker may be reading the file. */
    private static String write(String text, Path file) throws IOException {
        Path directory = Files.createDirectories(file.resolveSibling("."));
        Path unfinished = Files.createTempFile(directory, "acs-ca", ".tmp");
        Files.writeString(unfinished, text);
        Files.move(unfinished, file, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
        return file.toString();
    }
}
