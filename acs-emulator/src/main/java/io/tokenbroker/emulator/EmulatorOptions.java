package io.tokenbroker.emulator;

import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.time.Clock;
import java.util.Arrays;
import java.util.Base64;
import java.util.List;
import java.util.UUID;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * How an emulator is started.
 *
 * @param host the name that clients call it by; with any but {@code localhost} it listens on every address, as it has
 *     to in a container
 * @param port where the API listens, with TLS; 0 for any free port
 * @param controlPort where the emulator itself is asked and told, without TLS; 0 for any free port
 * @param accessKey base64, of what requests are signed with; null for a new one, or the one in {@code data}
 * @param resourceId the guid in every identity id; null for a new one, or the one in {@code data}
 * @param quota which limits hold while no fault says otherwise
 * @param data the directory that keys and ledger are kept in; null to forget them at the end
 * @param callLog the file that every call that has ended is added to; null for none
 * @param clock the time that dates, windows and tokens go by
 */
public record EmulatorOptions(
        String host,
        int port,
        int controlPort,
        @Nullable String accessKey,
        @Nullable UUID resourceId,
        QuotaPolicy quota,
        @Nullable Path data,
        @Nullable Path callLog,
        Clock clock) {

    /** Which limits hold on how often each operation is called. */
    public enum QuotaPolicy {
        /** Azure's, for a resource nobody asked a higher one for. */
        AZURE,
        /** None. */
        NONE
    }

    static final String LOCALHOST = "localhost";

    private static final Pattern HOST = Pattern.compile("[A-Za-z0-9]([A-Za-z0-9.-]{0,61}[A-Za-z0-9])?");
    private static final String NAMES =
            "--host, --port, --control-port, --access-key, --resource-id, --quota, --data, --call-log, each with"
                    + " =value";

    /**
     * Checks the values.
     *
     * @throws IllegalArgumentException naming the option, the value and what is allowed
     */
    public EmulatorOptions {
        if (!HOST.matcher(host).matches()) {
            throw invalid("host", host, "a host name of at most 63 letters, digits, dots and hyphens");
        }
        requirePort("port", port);
        requirePort("control-port", controlPort);
        if (accessKey != null && !isBase64(accessKey)) {
            throw invalid("access-key", "(not shown)", "base64");
        }
    }

    /** Ports 8443 and 8081, Azure's limits, new keys, nothing kept. */
    public static EmulatorOptions defaults() {
        return new EmulatorOptions(LOCALHOST, 8443, 8081, null, null, QuotaPolicy.AZURE, null, null, Clock.systemUTC());
    }

    /** What tests want: free ports, no limits, new keys, nothing kept. */
    public static EmulatorOptions ephemeral() {
        return defaults().withPorts(0, 0).withQuota(QuotaPolicy.NONE);
    }

    /**
     * Reads command line options; an empty value is as good as none.
     *
     * @throws IllegalArgumentException naming the option, the value and what is allowed
     */
    public static EmulatorOptions parse(String... options) {
        return parse(Arrays.asList(options));
    }

    /**
     * Reads command line options; an empty value is as good as none.
     *
     * @throws IllegalArgumentException naming the option, the value and what is allowed
     */
    public static EmulatorOptions parse(List<String> options) {
        EmulatorOptions parsed = defaults();
        for (String option : options) {
            int equals = option.indexOf('=');
            String name = equals < 0 ? option : option.substring(0, equals);
            String value = equals < 0 ? "" : option.substring(equals + 1);
            parsed = parsed.with(name, value);
        }
        return parsed;
    }

    private EmulatorOptions with(String name, String value) {
        return switch (name) {
            case "--host" -> value.isEmpty() ? this : withHost(value);
            case "--port" -> value.isEmpty() ? this : withPorts(number("port", value), controlPort);
            case "--control-port" -> value.isEmpty() ? this : withPorts(port, number("control-port", value));
            case "--access-key" -> value.isEmpty() ? this : withAccessKey(value);
            case "--resource-id" -> value.isEmpty() ? this : withResourceId(guid(value));
            case "--quota" -> value.isEmpty() ? this : withQuota(policy(value));
            case "--data" -> value.isEmpty() ? this : withData(path("data", value));
            case "--call-log" -> value.isEmpty() ? this : withCallLog(path("call-log", value));
            default -> throw new IllegalArgumentException(name + ": no such option; allowed: " + NAMES);
        };
    }

    /** Called by this name, and listening on every address unless that is {@code localhost}. */
    public EmulatorOptions withHost(String name) {
        return new EmulatorOptions(name, port, controlPort, accessKey, resourceId, quota, data, callLog, clock);
    }

    /** With these ports; 0 for any free port. */
    public EmulatorOptions withPorts(int api, int control) {
        return new EmulatorOptions(host, api, control, accessKey, resourceId, quota, data, callLog, clock);
    }

    /** With this access key, in base64. */
    public EmulatorOptions withAccessKey(String key) {
        return new EmulatorOptions(host, port, controlPort, key, resourceId, quota, data, callLog, clock);
    }

    /** With this guid in every identity id. */
    public EmulatorOptions withResourceId(UUID id) {
        return new EmulatorOptions(host, port, controlPort, accessKey, id, quota, data, callLog, clock);
    }

    /** With these limits. */
    public EmulatorOptions withQuota(QuotaPolicy policy) {
        return new EmulatorOptions(host, port, controlPort, accessKey, resourceId, policy, data, callLog, clock);
    }

    /** Keeping keys and ledger in this directory, which is made if it is not there. */
    public EmulatorOptions withData(Path directory) {
        return new EmulatorOptions(host, port, controlPort, accessKey, resourceId, quota, directory, callLog, clock);
    }

    /** Adding a line to this file for every call that has ended; its directory has to be there. */
    public EmulatorOptions withCallLog(Path file) {
        return new EmulatorOptions(host, port, controlPort, accessKey, resourceId, quota, data, file, clock);
    }

    /** Going by this clock; clients must agree with it to five minutes. */
    public EmulatorOptions withClock(Clock other) {
        return new EmulatorOptions(host, port, controlPort, accessKey, resourceId, quota, data, callLog, other);
    }

    private static void requirePort(String name, int port) {
        if (port < 0 || port > 65535) {
            throw invalid(name, Integer.toString(port), "0 to 65535");
        }
    }

    private static int number(String name, String value) {
        try {
            return Integer.parseInt(value);
        } catch (NumberFormatException e) {
            throw invalid(name, value, "0 to 65535");
        }
    }

    private static UUID guid(String value) {
        try {
            UUID id = UUID.fromString(value);
            if (id.toString().equalsIgnoreCase(value)) {
                return id;
            }
        } catch (IllegalArgumentException e) {
            // told below, like a guid with digits missing
        }
        throw invalid("resource-id", value, "a guid");
    }

    private static QuotaPolicy policy(String value) {
        return switch (value) {
            case "azure" -> QuotaPolicy.AZURE;
            case "none" -> QuotaPolicy.NONE;
            default -> throw invalid("quota", value, "azure, none");
        };
    }

    private static Path path(String name, String value) {
        try {
            return Path.of(value);
        } catch (InvalidPathException e) {
            throw invalid(name, value, "a path");
        }
    }

    private static boolean isBase64(String key) {
        try {
            return Base64.getDecoder().decode(key).length > 0;
        } catch (IllegalArgumentException e) {
            return false;
        }
    }

    private static IllegalArgumentException invalid(String name, String value, String allowed) {
        return new IllegalArgumentException("--" + name + "=" + value + ": not allowed; allowed: " + allowed);
    }

    /** Without the access key. */
    @Override
    public String toString() {
        return "EmulatorOptions[host=" + host + ", port=" + port + ", controlPort=" + controlPort + ", resourceId="
                + resourceId + ", quota=" + quota + ", data=" + data + ", callLog=" + callLog + "]";
    }
}
