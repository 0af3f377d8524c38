package io.tokenbroker.emulator.keys;

import static org.assertj.core.api.Assertions.assertThat;

import io.tokenbroker.emulator.keys.CertificateAuthority.ServerCertificate;
import java.io.ByteArrayInputStream;
import java.nio.charset.StandardCharsets;
import java.security.cert.CertPath;
import java.security.cert.CertPathValidator;
import java.security.cert.CertificateFactory;
import java.security.cert.PKIXParameters;
import java.security.cert.TrustAnchor;
import java.security.cert.X509Certificate;
import java.time.Instant;
import java.util.Collection;
import java.util.Date;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;

class CertificateAuthorityTest {
    @Test
    void vouchesForAServerOnThisMachine() throws Exception {
        Instant now = Instant.now();
        var authority = CertificateAuthority.create(now);
        ServerCertificate server = authority.issue("localhost", now);

        validate(authority, server, now);
        assertThat(server.certificate().getSubjectAlternativeNames().stream().map(name -> String.valueOf(name.get(1))))
                .containsExactly("localhost", "127.0.0.1", "0:0:0:0:0:0:0:1");
    }

    @Test
    void vouchesForAServerThatIsCalledByAnotherName() throws Exception {
        Instant now = Instant.now();
        ServerCertificate server = CertificateAuthority.create(now).issue("acs", now);

        assertThat(server.certificate().getSubjectAlternativeNames().stream().map(name -> String.valueOf(name.get(1))))
                .containsExactly("acs", "localhost", "127.0.0.1", "0:0:0:0:0:0:0:1");
    }

    @Test
    void writesDatesThatUtcTimeHasNoRoomFor() throws Exception {
        Instant far = Instant.parse("2055-06-01T12:00:00Z");
        var authority = CertificateAuthority.create(far);

        validate(authority, authority.issue("localhost", far), far);
        assertThat(authority.issue("localhost", far).certificate().getNotBefore())
                .isEqualTo("2055-05-31T12:00:00Z");
    }

    @Test
    void isTheSameAfterItWasKept() throws Exception {
        var authority = CertificateAuthority.create(Instant.now());
        var restored = CertificateAuthority.restore(authority.encodedKey(), authority.encodedCertificate());

        assertThat(restored.pem()).isEqualTo(authority.pem());
        validate(authority, restored.issue("localhost", Instant.now()), Instant.now());
    }

    private static void validate(CertificateAuthority authority, ServerCertificate server, Instant at)
            throws Exception {
        CertificateFactory factory = CertificateFactory.getInstance("X.509");
        Collection<? extends java.security.cert.Certificate> trusted = factory.generateCertificates(
                new ByteArrayInputStream(authority.pem().getBytes(StandardCharsets.US_ASCII)));
        var anchor = (X509Certificate) trusted.iterator().next();
        assertThat(anchor.getBasicConstraints()).isNotNegative();
        CertPath path = factory.generateCertPath(List.of(server.certificate()));
        var parameters = new PKIXParameters(Set.of(new TrustAnchor(anchor, null)));
        parameters.setRevocationEnabled(false);
        parameters.setDate(Date.from(at));
        CertPathValidator.getInstance("PKIX").validate(path, parameters);
    }
}
