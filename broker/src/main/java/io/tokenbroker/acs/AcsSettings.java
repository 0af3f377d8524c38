package io.tokenbroker.acs;

import io.tokenbroker.intake.FieldError;
import java.time.Duration;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;

/**
 * The ACS resources and how they are called. Checked after binding, not during it: what Spring Boot says about a value
 * that cannot be bound includes the value, and here that may be a key.
 *
 * @param resources exactly one of them {@code current}
 * @param quota calls per 30 s and operation, as Azure grants them to the resource
 * @param callTimeout how long ACS may take to answer
 * @param trustedCertificates PEM file of authorities trusted besides the JDK's, for the emulator
 */
@ConfigurationProperties("tokenbroker.acs")
record AcsSettings(
        @Nullable List<Resource> resources,
        @DefaultValue("2023-10-01") String apiVersion,
        @DefaultValue Quota quota,
        @DefaultValue("10s") Duration callTimeout,
        @Nullable String trustedCertificates) {

    private static final Pattern API_VERSION = Pattern.compile("\\d{4}-\\d{2}-\\d{2}(-preview[.0-9]*)?");
    private static final Pattern GUID =
            Pattern.compile("[0-9a-fA-F]{8}-[0-9a-fA-F]{4}-[0-9a-fA-F]{4}-[0-9a-fA-F]{4}-[0-9a-fA-F]{12}");
    private static final Duration SHORTEST_TIMEOUT = Duration.ofMillis(100);
    private static final Duration LONGEST_TIMEOUT = Duration.ofMinutes(2);
    private static final int HIGHEST_QUOTA = 1_000_000;

    /** What a resource is there for. */
    enum State {
        /** New identities are made on it. */
        CURRENT,
        /** Only identities that are on it already; no new ones. */
        RETIRING
    }

    /**
     * @param connectionString with the access key; or else
     * @param endpoint used with the Entra identity the broker runs under
     * @param resourceId the resource's immutable id, which begins its identities' ids; learned where not given
     */
    record Resource(
            @Nullable String connectionString,
            @Nullable String endpoint,
            @DefaultValue("current") State state,
            @Nullable String resourceId) {

        @Override
        public String toString() {
            String key = connectionString == null ? "none" : "hidden";
            return "Resource[connectionString=%s, endpoint=%s, state=%s, resourceId=%s]"
                    .formatted(key, endpoint, state, resourceId);
        }
    }

    /** Calls per 30 s. */
    record Quota(
            @DefaultValue("1000") int create,
            @DefaultValue("1000") int createUserAndToken,
            @DefaultValue("1000") int issue,
            @DefaultValue("500") int exchange,
            @DefaultValue("500") int revoke,
            @DefaultValue("500") int delete) {

        Map<Operation, Integer> byOperation() {
            Map<Operation, Integer> limits = new EnumMap<>(Operation.class);
            limits.put(Operation.CREATE, create);
            limits.put(Operation.CREATE_USER_AND_TOKEN, createUserAndToken);
            limits.put(Operation.ISSUE, issue);
            limits.put(Operation.EXCHANGE, exchange);
            limits.put(Operation.REVOKE, revoke);
            limits.put(Operation.DELETE, delete);
            return limits;
        }
    }

    AcsSettings {
        resources = resources == null ? List.of() : List.copyOf(resources);
    }

    /** The resources, none where none are set. */
    List<Resource> allResources() {
        return resources == null ? List.of() : resources;
    }

    /** @throws IllegalArgumentException that names each field that is wrong, its value and what is allowed */
    AcsSettings checked() {
        List<FieldError> errors = new ArrayList<>();
        List<Resource> all = allResources();
        long current = all.stream().filter(r -> r.state() == State.CURRENT).count();
        if (current != 1) {
            errors.add(error("resources", current + " of them current", "exactly one with state current"));
        }
        for (int i = 0; i < all.size(); i++) {
            check(all.get(i), "resources[" + i + "].", errors);
        }
        if (!API_VERSION.matcher(apiVersion).matches()) {
            errors.add(error("api-version", apiVersion, "a version of the ACS Identity API, such as 2023-10-01"));
        }
        quota.byOperation().forEach((operation, limit) -> {
            if (limit < 1 || limit > HIGHEST_QUOTA) {
                String field = "quota." + operation.settingName();
                errors.add(error(field, limit.toString(), "1 to " + HIGHEST_QUOTA + " calls per 30 s"));
            }
        });
        if (callTimeout.compareTo(SHORTEST_TIMEOUT) < 0 || callTimeout.compareTo(LONGEST_TIMEOUT) > 0) {
            errors.add(error("call-timeout", callTimeout.toString(), "100ms to 2m"));
        }
        if (!errors.isEmpty()) {
            throw new IllegalArgumentException(
                    String.join("; ", errors.stream().map(FieldError::toString).toList()));
        }
        return this;
    }

    private static void check(Resource resource, String prefix, List<FieldError> errors) {
        String text = resource.connectionString();
        String endpoint = resource.endpoint();
        String id = resource.resourceId();
        if ((text == null) == (endpoint == null)) {
            String found = text == null ? "neither" : "both";
            errors.add(error(prefix + "connection-string", found, "either connection-string or endpoint"));
        }
        if (text != null) {
            try {
                ConnectionString.parse(text);
            } catch (IllegalArgumentException wrong) {
                String found = "(hidden) " + wrong.getMessage();
                errors.add(error(prefix + "connection-string", found, ConnectionString.ALLOWED));
            }
        }
        if (endpoint != null && !ConnectionString.isHttps(endpoint)) {
            errors.add(error(prefix + "endpoint", endpoint, "https://<resource>.communication.azure.com/"));
        }
        if (id != null && !GUID.matcher(id).matches()) {
            errors.add(error(prefix + "resource-id", id, "a guid of 8-4-4-4-12 hex digits"));
        }
    }

    private static FieldError error(String field, String value, String allowed) {
        return new FieldError("tokenbroker.acs." + field, value, allowed);
    }
}
