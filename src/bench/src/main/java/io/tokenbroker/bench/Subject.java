package io.tokenbroker.bench;

import io.tokenbroker.bench.harness.Ports;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.stream.Collectors;

/** What is measured: the broker, and what it is measured beside. */
enum Subject {
    BARE("a bare loop of SDK calls"),
    PARALLEL_CONSUMER("parallel-consumer, Reactor module"),
    BROKER("the broker"),
    BLOCKING("a blocking consumer");

    /** The broker reads as many events ahead as it may for each call in flight. */
    private static final int ADMITTED_PER_CALL = 10;

    private final String title;

    Subject(String title) {
        this.title = title;
    }

    String title() {
        return title;
    }

    /** As in options. */
    String label() {
        return name().toLowerCase(Locale.ROOT).replace('_', '-');
    }

    boolean usesKafka() {
        return this != BARE;
    }

    Path jar(Programs programs) {
        return this == BROKER ? programs.local() : programs.references();
    }

    List<String> arguments(int inFlight, Ports ports, Path folder) {
        if (this != BROKER) {
            return List.of(
                    label(),
                    Integer.toString(inFlight),
                    Integer.toString(ports.kafka()),
                    Integer.toString(ports.emulator()));
        }
        List<String> arguments = new ArrayList<>(ports.options());
        arguments.add("--parts=broker");
        arguments.add("--quota=none");
        arguments.add("--data=" + folder);
        arguments.add("--tokenbroker.lifecycle.first-token=false");
        arguments.add("--tokenbroker.pipeline.max-in-flight=" + inFlight);
        arguments.add("--tokenbroker.pipeline.max-admitted=" + Math.max(5000, ADMITTED_PER_CALL * inFlight));
        return arguments;
    }

    /** @throws IllegalArgumentException where there is no such subject */
    static Subject of(String label) {
        return Arrays.stream(values())
                .filter(subject -> subject.label().equals(label))
                .findFirst()
                .orElseThrow(() -> new IllegalArgumentException("there is no subject " + label + "; allowed: "
                        + Arrays.stream(values()).map(Subject::label).collect(Collectors.joining(","))));
    }
}
