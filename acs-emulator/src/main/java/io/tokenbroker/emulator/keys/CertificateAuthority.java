package io.tokenbroker.emulator.keys;

import static java.nio.charset.StandardCharsets.US_ASCII;

import java.io.ByteArrayInputStream;
import java.math.BigInteger;
import java.security.GeneralSecurityException;
import java.security.KeyFactory;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.MessageDigest;
import java.security.PrivateKey;
import java.security.PublicKey;
import java.security.SecureRandom;
import java.security.Signature;
import java.security.cert.CertificateFactory;
import java.security.cert.X509Certificate;
import java.security.spec.ECGenParameterSpec;
import java.security.spec.PKCS8EncodedKeySpec;
import java.time.Duration;
import java.time.Instant;
import java.util.Base64;
import java.util.stream.Stream;

/**
 * A certificate authority of the emulator's own making (ECDSA P-256, RFC 5280), which vouches for one thing: a server
 * on this machine, reached as {@code localhost}, {@code 127.0.0.1} or {@code ::1}.
 */
public final class CertificateAuthority {
    private static final String LOCALHOST = "localhost";
    private static final String NAME = "ACS Token Broker emulator CA";
    private static final Duration AUTHORITY_LIFE = Duration.ofDays(3650);
    /** Some clients refuse server certificates that live longer. */
    private static final Duration SERVER_LIFE = Duration.ofDays(397);

    private static final byte[] ECDSA_WITH_SHA256 = Der.sequence(Der.oid("1.2.840.10045.4.3.2"));

    private final PrivateKey key;
    private final X509Certificate certificate;

    private CertificateAuthority(PrivateKey key, X509Certificate certificate) {
        this.key = key;
        this.certificate = certificate;
    }

    /** A server's certificate with its private key. */
    public record ServerCertificate(PrivateKey key, X509Certificate certificate) {
        @Override
        public String toString() {
            return "ServerCertificate[" + certificate.getSubjectX500Principal() + "]";
        }
    }

    static CertificateAuthority create(Instant now) {
        try {
            KeyPair pair = newKeyPair();
            byte[] extensions = Der.sequence(
                    extension("2.5.29.19", true, Der.sequence(Der.trueValue())), // basicConstraints: a CA
                    extension("2.5.29.15", true, Der.bits(1, (byte) 0x06)), // keyUsage: keyCertSign, cRLSign
                    extension("2.5.29.14", false, Der.octets(keyId(pair.getPublic())))); // subjectKeyIdentifier
            return new CertificateAuthority(
                    pair.getPrivate(),
                    certificate(NAME, pair.getPublic(), pair.getPrivate(), now, AUTHORITY_LIFE, extensions));
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("This JDK cannot make an ECDSA P-256 certificate", e);
        }
    }

    static CertificateAuthority restore(byte[] pkcs8Key, byte[] derCertificate) throws GeneralSecurityException {
        return new CertificateAuthority(
                KeyFactory.getInstance("EC").generatePrivate(new PKCS8EncodedKeySpec(pkcs8Key)),
                decode(derCertificate));
    }

    /** The authority's certificate, for clients to trust. */
    public String pem() {
        String body = Base64.getMimeEncoder(64, "\n".getBytes(US_ASCII)).encodeToString(encodedCertificate());
        return "-----BEGIN CERTIFICATE-----\n" + body + "\n-----END CERTIFICATE-----\n";
    }

    /**
     * Issues a certificate for a server on this machine, with a new key.
     *
     * @param host a name it is called by besides {@code localhost}
     */
    public ServerCertificate issue(String host, Instant now) {
        try {
            KeyPair pair = newKeyPair();
            byte[] loopback4 = {127, 0, 0, 1};
            byte[] loopback6 = {0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 1};
            byte[] names = Der.sequence(Stream.concat(
                            Stream.of(host, LOCALHOST).distinct().map(name -> Der.context(2, name.getBytes(US_ASCII))),
                            Stream.of(loopback4, loopback6).map(address -> Der.context(7, address)))
                    .toArray(byte[][]::new));
            byte[] authorityKey = Der.sequence(Der.context(0, keyId(certificate.getPublicKey())));
            byte[] extensions = Der.sequence(
                    extension("2.5.29.15", true, Der.bits(7, (byte) 0x80)), // keyUsage: digitalSignature
                    extension("2.5.29.37", false, Der.sequence(Der.oid("1.3.6.1.5.5.7.3.1"))), // for TLS servers
                    extension("2.5.29.17", false, names), // subjectAltName
                    extension("2.5.29.35", false, authorityKey)); // authorityKeyIdentifier
            return new ServerCertificate(
                    pair.getPrivate(), certificate(LOCALHOST, pair.getPublic(), key, now, SERVER_LIFE, extensions));
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("This JDK cannot make an ECDSA P-256 certificate", e);
        }
    }

    byte[] encodedKey() {
        return key.getEncoded();
    }

    byte[] encodedCertificate() {
        try {
            return certificate.getEncoded();
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("A certificate without an encoding", e);
        }
    }

    private static KeyPair newKeyPair() throws GeneralSecurityException {
        KeyPairGenerator generator = KeyPairGenerator.getInstance("EC");
        generator.initialize(new ECGenParameterSpec("secp256r1"));
        return generator.generateKeyPair();
    }

    private static X509Certificate certificate(
            String subject, PublicKey subjectKey, PrivateKey issuerKey, Instant now, Duration life, byte[] extensions)
            throws GeneralSecurityException {
        byte[] toSign = Der.sequence(
                Der.explicit(0, Der.integer(BigInteger.TWO)), // version 3
                Der.integer(new BigInteger(127, new SecureRandom()).setBit(126)), // serial number
                ECDSA_WITH_SHA256,
                name(NAME),
                // a day back, for clients whose clock is behind
                Der.sequence(Der.time(now.minus(Duration.ofDays(1))), Der.time(now.plus(life))),
                name(subject),
                subjectKey.getEncoded(),
                Der.explicit(3, extensions));
        Signature signature = Signature.getInstance("SHA256withECDSA");
        signature.initSign(issuerKey);
        signature.update(toSign);
        return decode(Der.sequence(toSign, ECDSA_WITH_SHA256, Der.bits(0, signature.sign())));
    }

    private static byte[] name(String commonName) {
        return Der.sequence(Der.set(Der.sequence(Der.oid("2.5.4.3"), Der.utf8(commonName))));
    }

    private static byte[] extension(String oid, boolean critical, byte[] value) {
        return critical
                ? Der.sequence(Der.oid(oid), Der.trueValue(), Der.octets(value))
                : Der.sequence(Der.oid(oid), Der.octets(value));
    }

    private static byte[] keyId(PublicKey key) throws GeneralSecurityException {
        return MessageDigest.getInstance("SHA-1").digest(key.getEncoded());
    }

    private static X509Certificate decode(byte[] der) throws GeneralSecurityException {
        return (X509Certificate)
                CertificateFactory.getInstance("X.509").generateCertificate(new ByteArrayInputStream(der));
    }

    @Override
    public String toString() {
        return "CertificateAuthority[" + certificate.getSubjectX500Principal() + "]";
    }
}
