package io.tokenbroker.bench;

import io.tokenbroker.bench.http.LeasedTokens;
import io.tokenbroker.bench.http.StalledReaders;
import io.tokenbroker.bench.http.Streams;
import io.tokenbroker.bench.load.Backlog;
import io.tokenbroker.bench.load.HotUser;
import io.tokenbroker.bench.load.Quota;
import io.tokenbroker.http.BareEndpoints;
import io.tokenbroker.replay.ReplayScan;
import io.tokenbroker.servicebus.ServiceBusRates;
import java.util.Arrays;
import java.util.Map;
import java.util.TreeSet;

/** Runs the command that the first argument names, with the rest as its options; exits with 2 on a wrong one. */
final class Main {

    private static final Map<String, Command> COMMANDS = Map.ofEntries(
            Map.entry("backlog", Backlog::main),
            Map.entry("bare", BareEndpoints::main),
            Map.entry("compare", Comparison::main),
            Map.entry("directory", DirectoryFootprint::main),
            Map.entry("hot-user", HotUser::main),
            Map.entry("latency", Latency::main),
            Map.entry("quota", Quota::main),
            Map.entry("replay-scan", ReplayScan::main),
            Map.entry("service-bus", ServiceBusRates::main),
            Map.entry("stalled-readers", StalledReaders::main),
            Map.entry("streams", Streams::main),
            Map.entry("throughput", Throughput::main),
            Map.entry("tokens", LeasedTokens::main));

    @FunctionalInterface
    private interface Command {
        void run(String[] options) throws Exception;
    }

    private Main() {}

    @SuppressWarnings("SystemOut") // whoever typed a wrong option
    public static void main(String[] arguments) throws Exception {
        try {
            command(arguments).run(Arrays.copyOfRange(arguments, 1, arguments.length));
        } catch (IllegalArgumentException e) {
            System.err.println(e.getMessage());
            System.exit(2);
        }
    }

    private static Command command(String[] arguments) {
        Command command = arguments.length == 0 ? null : COMMANDS.get(arguments[0]);
        if (command == null) {
            throw new IllegalArgumentException("no such command; allowed: " + new TreeSet<>(COMMANDS.keySet()));
        }
        return command;
    }
}
