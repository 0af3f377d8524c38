package io.tokenbroker.local;

import io.tokenbroker.emulator.EmulatorOptions;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.EnumMap;
import java.util.EnumSet;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** Reads the command line; the last of several values of one option counts. */
final class OptionsParser {
    static final String BROKER_PREFIX = "tokenbroker.";
    static final String KAFKA_PREFIX = "kafka.";
    private static final Pattern HOST = Pattern.compile("[A-Za-z0-9]([A-Za-z0-9.-]{0,61}[A-Za-z0-9])?");
    private static final String NO_PARTS = "none";
    private static final List<String> EMULATOR_OPTIONS =
            List.of("--quota", "--access-key", "--resource-id", "--call-log");

    private final Map<LocalPort, Integer> ports = new EnumMap<>(LocalPort.class);
    private final List<String> emulator = new ArrayList<>();
    private final Map<String, String> kafka = new HashMap<>();
    private final Map<String, String> broker = new HashMap<>();
    private Set<Part> parts = EnumSet.allOf(Part.class);
    private Path data = Path.of(".local");
    private String issuerHost = LocalPort.HOST;
    private boolean walkthrough;

    private OptionsParser() {}

    /** @throws InvalidOption naming the first option that is wrong */
    static Options parse(String... arguments) {
        OptionsParser parser = new OptionsParser();
        for (String argument : arguments) {
            parser.read(argument);
        }
        parser.requireDistinctPorts();
        if (parser.parts.isEmpty() && !parser.walkthrough) {
            throw InvalidOption.value("--parts", NO_PARTS, "with --walkthrough alone");
        }
        Path data = parser.data.toAbsolutePath().normalize();
        return new Options(
                parser.ports,
                data,
                parser.issuerHost,
                parser.parts,
                parser.walkthrough,
                parser.kafka,
                parser.emulator(data.resolve("acs")),
                parser.broker);
    }

    private void read(String argument) {
        int equals = argument.indexOf('=');
        String option = equals < 0 ? argument : argument.substring(0, equals);
        String value = equals < 0 ? "" : argument.substring(equals + 1);
        Optional<LocalPort> port = Arrays.stream(LocalPort.values())
                .filter(candidate -> candidate.option().equals(option))
                .findFirst();
        if (port.isPresent()) {
            ports.put(port.get(), port(option, value));
        } else if (option.equals("--data")) {
            data = directory(option, value);
        } else if (option.equals("--issuer-host")) {
            issuerHost = host(option, value);
        } else if (option.equals("--parts")) {
            parts = parts(option, value);
        } else if (option.equals("--walkthrough")) {
            walkthrough = flag(option, equals < 0 ? "true" : value);
        } else if (EMULATOR_OPTIONS.contains(option)) {
            emulator.add(argument);
        } else if (option.startsWith("--" + KAFKA_PREFIX)) {
            kafka.put(option.substring(2 + KAFKA_PREFIX.length()), given(option, equals, value));
        } else if (option.startsWith("--" + BROKER_PREFIX)) {
            broker.put(option.substring(2), given(option, equals, value));
        } else {
            // not the value: a mistyped option may carry a secret
            throw new InvalidOption("there is no option " + option + "; allowed: " + allowedOptions());
        }
    }

    private static String given(String option, int equals, String value) {
        if (equals < 0) {
            throw new InvalidOption(option + " has no value; allowed: " + option + "=<value>");
        }
        return value;
    }

    private static int port(String option, String value) {
        String allowed = "1 to 65535";
        try {
            int port = Integer.parseInt(value);
            if (port >= 1 && port <= 65_535) {
                return port;
            }
        } catch (NumberFormatException e) {
            throw InvalidOption.value(option, value, allowed);
        }
        throw InvalidOption.value(option, value, allowed);
    }

    private static Path directory(String option, String value) {
        String allowed = "the path of a directory";
        if (value.isBlank()) {
            throw InvalidOption.value(option, value, allowed);
        }
        try {
            return Path.of(value);
        } catch (InvalidPathException e) {
            throw InvalidOption.value(option, value, allowed);
        }
    }

    private static String host(String option, String value) {
        if (!HOST.matcher(value).matches()) {
            throw InvalidOption.value(option, value, "a host name of letters, digits, dots and hyphens");
        }
        return value;
    }

    private static Set<Part> parts(String option, String value) {
        Set<Part> parts = EnumSet.noneOf(Part.class);
        if (value.equals(NO_PARTS)) {
            return parts;
        }
        for (String label : value.split(",", -1)) {
            parts.add(Arrays.stream(Part.values())
                    .filter(part -> part.label().equals(label.strip()))
                    .findFirst()
                    .orElseThrow(() -> InvalidOption.value(
                            option,
                            label,
                            Arrays.stream(Part.values()).map(Part::label).collect(Collectors.joining(", ")) + ", or "
                                    + NO_PARTS)));
        }
        return parts;
    }

    private static boolean flag(String option, String value) {
        return switch (value) {
            case "true" -> true;
            case "false" -> false;
            default -> throw InvalidOption.value(option, value, "true, false");
        };
    }

    private EmulatorOptions emulator(Path directory) {
        try {
            return EmulatorOptions.parse(emulator)
                    .withPorts(port(LocalPort.ACS), port(LocalPort.EMULATOR))
                    .withData(directory);
        } catch (IllegalArgumentException e) {
            throw new InvalidOption(String.valueOf(e.getMessage()));
        }
    }

    private int port(LocalPort port) {
        return ports.getOrDefault(port, port.usual());
    }

    private void requireDistinctPorts() {
        Map<Integer, LocalPort> taken = new HashMap<>();
        for (Part part : parts) {
            for (LocalPort port : part.ports()) {
                int number = port(port);
                LocalPort other = taken.put(number, port);
                if (other != null) {
                    throw InvalidOption.value(
                            port.option(), Integer.toString(number), "any but the port of " + other.option());
                }
            }
        }
    }

    private static String allowedOptions() {
        List<String> options = new ArrayList<>();
        Arrays.stream(LocalPort.values()).map(LocalPort::option).forEach(options::add);
        Stream.of("--data", "--issuer-host", "--parts", "--walkthrough").forEach(options::add);
        options.addAll(EMULATOR_OPTIONS);
        return String.join(", ", options) + ", --" + KAFKA_PREFIX + "<setting>, --" + BROKER_PREFIX
                + "<setting>, --help";
    }
}
