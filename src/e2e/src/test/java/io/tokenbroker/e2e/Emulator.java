package io.tokenbroker.e2e;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import tools.jackson.databind.JsonNode;

/** The emulator's control port. */
final class Emulator {
    private static final int OK = 200;
    private static final String KEY = "accesskey=";

    private final String address;

    Emulator(String address) {
        this.address = address;
    }

    Ledger ledger() {
        return Ledger.of(get("identities"));
    }

    /** By operation: calls, successes and the rest. */
    JsonNode calls() {
        return get("calls");
    }

    long calls(String operation) {
        return calls().path(operation).path("calls").asLong(0);
    }

    /** Whom clients have to trust, as PEM. */
    String certificateAuthority() {
        return send(request("ca.pem").GET()).expect(OK).body();
    }

    /** What requests have to be signed with. */
    String accessKey() {
        String connectionString = connectionString();
        int from = connectionString.indexOf(KEY) + KEY.length();
        int to = connectionString.indexOf(';', from);
        return to < 0 ? connectionString.substring(from) : connectionString.substring(from, to);
    }

    String connectionString() {
        return send(request("connection-string").GET()).expect(OK).body().strip();
    }

    /** With the other one of the two keys. */
    String secondaryConnectionString() {
        return send(request("connection-string?key=secondary").GET())
                .expect(OK)
                .body()
                .strip();
    }

    /** What was signed with the primary key until now is refused from now on. */
    void regeneratePrimaryKey() {
        send(request("keys/primary/regenerate").POST(BodyPublishers.noBody())).expect(OK);
    }

    /** The public key of access tokens. */
    JsonNode jwks() {
        return get("jwks");
    }

    void faults(String json) {
        send(request("faults").PUT(BodyPublishers.ofString(json))).expect(OK);
    }

    void noFaults() {
        send(request("faults").DELETE());
    }

    private JsonNode get(String path) {
        return send(request(path).GET()).expect(OK).json();
    }

    private HttpRequest.Builder request(String path) {
        return HttpRequest.newBuilder(URI.create(address + "/emulator/" + path));
    }

    private static Http.Answer send(HttpRequest.Builder request) {
        try {
            return Http.send(request);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
