package io.tokenbroker.local;

import java.util.Locale;

/** The ports of the stack, all on 127.0.0.1, each with an option of its own. */
enum LocalPort {
    BROKER(8080, "http://"),
    KAFKA(9092, ""),
    ACS(8443, "https://"),
    EMULATOR(8081, "http://"),
    ISSUER(8082, "http://");

    static final String HOST = "127.0.0.1";

    private final int usual;
    private final String scheme;

    LocalPort(int usual, String scheme) {
        this.usual = usual;
        this.scheme = scheme;
    }

    /** What it is where the option is not given. */
    int usual() {
        return usual;
    }

    String label() {
        return name().toLowerCase(Locale.ROOT);
    }

    String option() {
        return "--" + label() + "-port";
    }

    /** A URL, but for Kafka, whose clients want {@code host:port}. */
    String address(int port) {
        return scheme + HOST + ":" + port;
    }
}
