package io.tokenbroker.emulator.calls;

import java.util.Arrays;
import java.util.Optional;
import java.util.stream.Collectors;

/** The operations of the ACS Identity API, as faults and call counts name them, with Azure's limits. */
public enum Operation {
    CREATE("create", 1000),
    CREATE_USER_AND_TOKEN("createUserAndToken", 1000),
    ISSUE("issue", 1000),
    EXCHANGE("exchange", 500),
    REVOKE("revoke", 500),
    DELETE("delete", 500);

    private final String label;
    private final int azureLimit;

    Operation(String label, int azureLimit) {
        this.label = label;
        this.azureLimit = azureLimit;
    }

    /** As faults and call counts name it. */
    public String label() {
        return label;
    }

    /** Calls in 30 seconds. */
    int azureLimit() {
        return azureLimit;
    }

    static Optional<Operation> of(String label) {
        return Arrays.stream(values()).filter(o -> o.label.equals(label)).findFirst();
    }

    static String labels() {
        return Arrays.stream(values()).map(Operation::label).collect(Collectors.joining(", "));
    }
}
