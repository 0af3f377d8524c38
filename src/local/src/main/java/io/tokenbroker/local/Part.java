package io.tokenbroker.local;

import java.util.List;
import java.util.Locale;

/** What the stack is made of, in the order in which it starts. */
enum Part {
    KAFKA,
    ACS,
    ISSUER,
    BROKER;

    /** Where it listens. */
    List<LocalPort> ports() {
        return switch (this) {
            case KAFKA -> List.of(LocalPort.KAFKA);
            case ACS -> List.of(LocalPort.ACS, LocalPort.EMULATOR);
            case ISSUER -> List.of(LocalPort.ISSUER);
            case BROKER -> List.of(LocalPort.BROKER);
        };
    }

    /** As the option {@code --parts} has it. */
    String label() {
        return name().toLowerCase(Locale.ROOT);
    }
}
