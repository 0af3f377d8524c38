package io.tokenbroker.emulator;

import io.tokenbroker.emulator.calls.Operation;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** The stable versions of the API and what each of them knows. */
enum ApiVersion {
    V2021_03_07("2021-03-07"),
    V2022_06_01("2022-06-01"),
    V2022_10_01("2022-10-01"),
    V2023_08_01("2023-08-01"),
    V2023_10_01("2023-10-01"),
    V2025_06_30("2025-06-30");

    private static final List<String> FIRST_SCOPES = List.of("chat", "voip");
    private static final List<String> ALL_SCOPES =
            List.of("chat", "voip", "chat.join", "chat.join.limited", "voip.join");

    private final String label;

    ApiVersion(String label) {
        this.label = label;
    }

    static Optional<ApiVersion> of(String label) {
        return Arrays.stream(values()).filter(v -> v.label.equals(label)).findFirst();
    }

    /** As the {@code api-supported-versions} header lists them. */
    static String supporting(Operation operation) {
        return Stream.of(values())
                .filter(v -> v.knows(operation))
                .map(v -> v.label)
                .collect(Collectors.joining(", "));
    }

    boolean knows(Operation operation) {
        return operation != Operation.EXCHANGE || compareTo(V2022_06_01) >= 0;
    }

    List<String> scopes() {
        return compareTo(V2023_10_01) >= 0 ? ALL_SCOPES : FIRST_SCOPES;
    }

    /** Whether {@code expiresInMinutes} is a field; to an older version it is unknown, and ignored. */
    boolean knowsLifetimes() {
        return compareTo(V2022_10_01) >= 0;
    }
}
