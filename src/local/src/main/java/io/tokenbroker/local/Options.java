package io.tokenbroker.local;

import io.tokenbroker.emulator.EmulatorOptions;
import java.nio.file.Path;
import java.util.Map;
import java.util.Set;

/**
 * What the command line asks for.
 *
 * @param ports one for each {@link LocalPort}, those of parts that run elsewhere included
 * @param issuerHost the name that the issuer's tokens name it by
 * @param parts what this JVM starts
 * @param walkthrough whether to play the quickstart and end
 * @param kafka settings of Kafka, by its own names
 * @param emulator what the emulator is started with, should it be
 * @param broker settings of the broker, by their full names
 */
record Options(
        Map<LocalPort, Integer> ports,
        Path data,
        String issuerHost,
        Set<Part> parts,
        boolean walkthrough,
        Map<String, String> kafka,
        EmulatorOptions emulator,
        Map<String, String> broker) {
    Options {
        ports = Map.copyOf(ports);
        parts = Set.copyOf(parts);
        kafka = Map.copyOf(kafka);
        broker = Map.copyOf(broker);
    }

    int port(LocalPort port) {
        return ports.getOrDefault(port, port.usual());
    }

    String address(LocalPort port) {
        return port.address(port(port));
    }

    boolean starts(Part part) {
        return parts.contains(part);
    }

    /** Whether the caller has set what begins so, and so wants nothing of ours there. */
    boolean setsForBroker(String prefix) {
        return broker.keySet().stream().anyMatch(name -> name.startsWith(prefix));
    }

    /** Without the values that may be secret. */
    @Override
    public String toString() {
        return "Options[ports=" + ports + ", data=" + data + ", issuerHost=" + issuerHost + ", parts=" + parts
                + ", walkthrough=" + walkthrough + ", kafka=" + kafka.keySet() + ", emulator=" + emulator + ", broker="
                + broker.keySet() + "]";
    }
}
