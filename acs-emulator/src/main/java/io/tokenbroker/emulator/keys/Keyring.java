package io.tokenbroker.emulator.keys;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.math.BigInteger;
import java.nio.file.FileSystems;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.GeneralSecurityException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** Everything the emulated resource is known by. It says nothing of its secrets in {@link #toString()}. */
public final class Keyring {
    private static final String FILE = "resource.json";
    private static final JsonMapper JSON = JsonMapper.shared();

    private final UUID resourceId;
    private final AccessKeys accessKeys;
    private final CertificateAuthority authority;
    private final TokenKey tokenKey;
    private final @Nullable Path file;

    private Keyring(
            UUID resourceId,
            AccessKeys accessKeys,
            CertificateAuthority authority,
            TokenKey tokenKey,
            @Nullable Path file) {
        this.resourceId = resourceId;
        this.accessKeys = accessKeys;
        this.authority = authority;
        this.tokenKey = tokenKey;
        this.file = file;
    }

    /** New keys, kept nowhere; the resource id and the primary access key (base64) are made up where not given. */
    public static Keyring create(@Nullable UUID resourceId, @Nullable String accessKey) {
        return create(resourceId, accessKey, null);
    }

    private static Keyring create(@Nullable UUID resourceId, @Nullable String accessKey, @Nullable Path file) {
        return new Keyring(
                resourceId != null ? resourceId : UUID.randomUUID(),
                new AccessKeys(accessKey, null),
                CertificateAuthority.create(Instant.now()),
                TokenKey.generate(),
                file);
    }

    /**
     * The keys kept in {@code directory}, made and kept there the first time. A given access key replaces the kept
     * primary one.
     *
     * @throws IllegalArgumentException if the directory belongs to another resource than the given one
     * @throws UncheckedIOException if the keys can be neither read nor written
     */
    public static Keyring open(Path directory, @Nullable UUID resourceId, @Nullable String accessKey) {
        Path file = directory.resolve(FILE);
        try {
            if (!Files.exists(file)) {
                Keyring created = create(resourceId, accessKey, file);
                created.save(file);
                return created;
            }
            Keyring kept = read(file, accessKey);
            if (resourceId != null && !resourceId.equals(kept.resourceId)) {
                throw new IllegalArgumentException("resource-id: " + resourceId + " is not the resource in " + directory
                        + "; allowed there: " + kept.resourceId);
            }
            kept.save(file);
            return kept;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** The guid in every identity id of this resource. */
    public UUID resourceId() {
        return resourceId;
    }

    /** What requests are signed with. */
    public AccessKeys accessKeys() {
        return accessKeys;
    }

    /** As a client takes it: {@code endpoint=…;accesskey=…}. Holds a secret. */
    public String connectionString(String endpoint, AccessKeys.Name key) {
        return "endpoint=" + endpoint + "/;accesskey=" + accessKeys.encoded(key);
    }

    /**
     * Makes one of the access keys anew, and keeps it where the keys are kept.
     *
     * @throws UncheckedIOException if it cannot be written; it is in force all the same
     */
    public void regenerate(AccessKeys.Name name) {
        accessKeys.regenerate(name);
        if (file != null) {
            try {
                save(file);
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        }
    }

    /** Vouches for the server's certificate. */
    public CertificateAuthority authority() {
        return authority;
    }

    /** Signs the access tokens. */
    public TokenKey tokenKey() {
        return tokenKey;
    }

    private static Keyring read(Path file, @Nullable String accessKey) throws IOException {
        try {
            JsonNode kept = JSON.readTree(Files.readString(file));
            List<BigInteger> primes = new ArrayList<>();
            for (JsonNode prime : kept.required("tokenKeyPrimes")) {
                primes.add(new BigInteger(prime.asString(), 16));
            }
            return new Keyring(
                    UUID.fromString(kept.required("resourceId").asString()),
                    new AccessKeys(
                            accessKey != null
                                    ? accessKey
                                    : kept.required("accessKey").asString(),
                            kept.path("secondaryAccessKey").asString(null)),
                    CertificateAuthority.restore(
                            kept.required("caKey").binaryValue(),
                            kept.required("caCertificate").binaryValue()),
                    new TokenKey(primes),
                    file);
        } catch (JacksonException | GeneralSecurityException | IllegalArgumentException e) {
            // not the cause, whose message may quote a key
            throw new IOException(file + " does not hold an emulator's keys ("
                    + e.getClass().getSimpleName() + "); give another directory, or remove it");
        }
    }

    private synchronized void save(Path file) throws IOException {
        var kept = JSON.createObjectNode();
        kept.put("resourceId", resourceId.toString());
        kept.put("accessKey", accessKeys.encoded(AccessKeys.Name.PRIMARY));
        kept.put("secondaryAccessKey", accessKeys.encoded(AccessKeys.Name.SECONDARY));
        kept.put("caKey", authority.encodedKey());
        kept.put("caCertificate", authority.encodedCertificate());
        var primes = kept.putArray("tokenKeyPrimes");
        tokenKey.primes().forEach(prime -> primes.add(prime.toString(16)));

        Path half = file.resolveSibling(FILE + ".tmp");
        Files.deleteIfExists(half);
        if (FileSystems.getDefault().supportedFileAttributeViews().contains("posix")) {
            Files.createFile(half, PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------")));
        }
        Files.writeString(half, JSON.writerWithDefaultPrettyPrinter().writeValueAsString(kept));
        Files.move(half, file, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
    }

    @Override
    public String toString() {
        return "Keyring[" + resourceId + "]";
    }
}
