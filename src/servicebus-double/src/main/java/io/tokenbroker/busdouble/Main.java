package io.tokenbroker.busdouble;

import java.io.IOException;
import java.util.HashMap;
import java.util.Map;

/**
 * The double as a process of its own: {@code --port=5672 --control-port=5300}. Prints one line, {@code ready}, with the
 * connection string, and runs until it is killed. What the tests ask of it they ask over HTTP: see {@link Control}.
 */
public final class Main {

    private Main() {}

    public static void main(String[] args) throws IOException {
        Map<String, String> options = new HashMap<>();
        for (String arg : args) {
            if (!arg.startsWith("--") || !arg.contains("=")) {
                throw new IllegalArgumentException("'" + arg + "'; allowed: --port=… and --control-port=…");
            }
            options.put(arg.substring(2, arg.indexOf('=')), arg.substring(arg.indexOf('=') + 1));
        }
        int port = Integer.parseInt(options.getOrDefault("port", "5672"));
        ServiceBusDouble bus = ServiceBusDouble.start(port);
        Control.start(bus, Integer.parseInt(options.getOrDefault("control-port", "5300")));
        System.out.println("ready " + bus.connectionString());
    }
}
