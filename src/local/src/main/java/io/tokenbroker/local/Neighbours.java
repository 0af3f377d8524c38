package io.tokenbroker.local;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodyHandlers;
import java.time.Duration;
import java.util.Optional;

/** The parts as seen from outside, whether they run in this JVM or another. */
final class Neighbours implements AutoCloseable {
    private static final Duration TIMEOUT = Duration.ofSeconds(5);

    private final Options options;
    private final Patience patience;
    private final HttpClient http = HttpClient.newBuilder()
            .version(HttpClient.Version.HTTP_1_1)
            .connectTimeout(TIMEOUT)
            .build();

    Neighbours(Options options, Patience patience) {
        this.options = options;
        this.patience = patience;
    }

    /** Returns Kafka's address once something listens there. */
    String kafka() {
        String address = options.address(LocalPort.KAFKA);
        patience.until(awaited(Part.KAFKA, LocalPort.KAFKA), () -> {
            try (Socket socket = new Socket()) {
                socket.connect(
                        new InetSocketAddress(InetAddress.getLoopbackAddress(), options.port(LocalPort.KAFKA)),
                        (int) TIMEOUT.toMillis());
                return Optional.of(address);
            } catch (IOException e) {
                return Optional.empty();
            }
        });
        return address;
    }

    /** The emulator's connection string, which holds its access key. */
    String acsConnectionString() {
        return emulator("/emulator/connection-string").strip();
    }

    /** The certificate authority, as PEM, that vouches for the emulator. */
    String acsCertificateAuthority() {
        return emulator("/emulator/ca.pem");
    }

    private String emulator(String path) {
        return patience.until(
                awaited(Part.ACS, LocalPort.EMULATOR), () -> get(options.address(LocalPort.EMULATOR) + path));
    }

    /** Returns the issuer's URI once its discovery document can be had. */
    String issuer() {
        String address = options.address(LocalPort.ISSUER);
        patience.until(
                awaited(Part.ISSUER, LocalPort.ISSUER), () -> get(address + "/.well-known/openid-configuration"));
        return address;
    }

    /** Returns when the broker says that it is ready. */
    void broker() {
        patience.until(
                "the broker to be ready at " + options.address(LocalPort.BROKER) + "; the log is "
                        + LogFile.of(options),
                () -> get(options.address(LocalPort.BROKER) + "/readyz"));
    }

    private String awaited(Part part, LocalPort port) {
        return part.label() + " at " + options.address(port) + " (start it with --parts=" + part.label()
                + ", or say where it is with " + port.option() + ")";
    }

    private Optional<String> get(String uri) {
        HttpRequest request =
                HttpRequest.newBuilder(URI.create(uri)).timeout(TIMEOUT).build();
        try {
            var response = http.send(request, BodyHandlers.ofString());
            return response.statusCode() == 200 ? Optional.of(response.body()) : Optional.empty();
        } catch (IOException e) {
            return Optional.empty();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return Optional.empty();
        }
    }

    @Override
    public void close() {
        http.close();
    }
}
