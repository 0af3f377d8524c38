package io.tokenbroker.acs;

import io.netty.handler.ssl.SslContext;
import io.netty.handler.ssl.SslContextBuilder;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.security.cert.Certificate;
import java.security.cert.CertificateFactory;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import javax.net.ssl.TrustManager;
import javax.net.ssl.TrustManagerFactory;
import javax.net.ssl.X509TrustManager;
import org.jspecify.annotations.Nullable;

/** Whom the broker believes to be ACS: the authorities the JDK trusts, and those of a PEM file where one is given. */
final class TrustedCertificates {

    private TrustedCertificates() {}

    static SslContext sslContext(@Nullable String pemFile) {
        try {
            SslContextBuilder builder = SslContextBuilder.forClient();
            if (pemFile != null && !pemFile.isBlank()) {
                builder.trustManager(trusting(read(Path.of(pemFile))));
            }
            return builder.build();
        } catch (IOException | GeneralSecurityException wrong) {
            throw new IllegalArgumentException(
                    "tokenbroker.acs.trusted-certificates is '" + pemFile
                            + "'; allowed: a readable file of X.509 certificates in PEM",
                    wrong);
        }
    }

    private static List<Certificate> read(Path file) throws IOException, GeneralSecurityException {
        try (InputStream pem = Files.newInputStream(file)) {
            List<Certificate> found =
                    List.copyOf(CertificateFactory.getInstance("X.509").generateCertificates(pem));
            if (found.isEmpty()) {
                throw new GeneralSecurityException("no certificate in the file");
            }
            return found;
        }
    }

    private static TrustManagerFactory trusting(List<Certificate> more) throws IOException, GeneralSecurityException {
        List<Certificate> all = new ArrayList<>(more);
        for (TrustManager manager : factory(null).getTrustManagers()) {
            if (manager instanceof X509TrustManager usual) {
                all.addAll(Arrays.asList(usual.getAcceptedIssuers()));
            }
        }
        KeyStore store = KeyStore.getInstance(KeyStore.getDefaultType());
        store.load(null, null);
        for (int i = 0; i < all.size(); i++) {
            store.setCertificateEntry("trusted-" + i, all.get(i));
        }
        return factory(store);
    }

    private static TrustManagerFactory factory(@Nullable KeyStore store) throws GeneralSecurityException {
        var factory = TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm());
        factory.init(store);
        return factory;
    }
}
