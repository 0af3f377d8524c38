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
import java.security.SecureRandom;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Base64;
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
    private final byte[] accessKey;
    private final CertificateAuthority authority;
    private final TokenKey tokenKey;

    private Keyring(UUID resourceId, byte[] accessKey, CertificateAuthority authority, TokenKey tokenKey) {
        this.resourceId = resourceId;
        this.accessKey = accessKey;
        this.authority = authority;
        this.tokenKey = tokenKey;
    }

    /** New keys; the resource id and the access key (base64) are made up where they are not given. */
    public static Keyring create(@Nullable UUID resourceId, @Nullable String accessKey) {
        return new Keyring(
                resourceId != null ? resourceId : UUID.randomUUID(),
                accessKey != null ? Base64.getDecoder().decode(accessKey) : newAccessKey(),
                CertificateAuthority.create(Instant.now()),
                TokenKey.generate());
    }

    /**
     * The keys kept in {@code directory}, made and kept there the first time. A given access key replaces the kept one.
     *
     * @throws IllegalArgumentException if the directory belongs to another resource than the given one
     * @throws UncheckedIOException if the keys can be neither read nor written
     */
    public static Keyring open(Path directory, @Nullable UUID resourceId, @Nullable String accessKey) {
        Path file = directory.resolve(FILE);
        try {
            if (!Files.exists(file)) {
                Keyring created = create(resourceId, accessKey);
                created.save(file);
                return created;
            }
            Keyring kept = read(file);
            if (resourceId != null && !resourceId.equals(kept.resourceId)) {
                throw new IllegalArgumentException("resource-id: " + resourceId + " is not the resource in " + directory
                        + "; allowed there: " + kept.resourceId);
            }
            if (accessKey == null) {
                return kept;
            }
            Keyring rekeyed =
                    new Keyring(kept.resourceId, Base64.getDecoder().decode(accessKey), kept.authority, kept.tokenKey);
            rekeyed.save(file);
            return rekeyed;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** The guid in every identity id of this resource. */
    public UUID resourceId() {
        return resourceId;
    }

    /** The key that requests are signed with, decoded. */
    public byte[] accessKey() {
        return accessKey.clone();
    }

    /** Vouches for the server's certificate. */
    public CertificateAuthority authority() {
        return authority;
    }

    /** Signs the access tokens. */
    public TokenKey tokenKey() {
        return tokenKey;
    }

    private static byte[] newAccessKey() {
        byte[] key = new byte[64];
        new SecureRandom().nextBytes(key);
        return key;
    }

    private static Keyring read(Path file) throws IOException {
        try {
            JsonNode kept = JSON.readTree(Files.readString(file));
            List<BigInteger> primes = new ArrayList<>();
            for (JsonNode prime : kept.required("tokenKeyPrimes")) {
                primes.add(new BigInteger(prime.asString(), 16));
            }
            return new Keyring(
                    UUID.fromString(kept.required("resourceId").asString()),
                    kept.required("accessKey").binaryValue(),
                    CertificateAuthority.restore(
                            kept.required("caKey").binaryValue(),
                            kept.required("caCertificate").binaryValue()),
                    new TokenKey(primes));
        } catch (JacksonException | GeneralSecurityException | IllegalArgumentException e) {
            // not the cause, whose message may quote a key
            throw new IOException(file + " does not hold an emulator's keys ("
                    + e.getClass().getSimpleName() + "); give another directory, or remove it");
        }
    }

    private void save(Path file) throws IOException {
        var kept = JSON.createObjectNode();
        kept.put("resourceId", resourceId.toString());
        kept.put("accessKey", accessKey);
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
