package io.tokenbroker.local;

import java.io.PrintStream;
import java.time.Duration;
import java.util.Arrays;

/** Everything the broker needs, and the broker, in one JVM: {@code ./tokenbroker local}. */
final class LocalStack {
    private static final Duration PATIENCE = Duration.ofMinutes(5);
    private static final int DONE = 0;
    private static final int FAILED = 1;
    private static final int MISUSED = 2;

    private static final String USAGE = """
            Kafka, the ACS emulator, a development issuer and the broker in one JVM.

              --broker-port=8080     where the broker serves HTTP
              --kafka-port=9092      where Kafka listens
              --acs-port=8443        where the emulator serves the ACS Identity API (HTTPS)
              --emulator-port=8081   where the emulator is controlled (HTTP)
              --issuer-port=8082     where the development issuer serves tokens
              --issuer-host=127.0.0.1
                                     the name that the issuer's tokens name it by; with any but loopback's it listens
                                     on every address, as it has to in a container
              --data=.local          where data, keys and logs are; a restart goes on with them
              --parts=kafka,acs,issuer,broker
                                     what to start here; a broker looks for the others at the ports above;
                                     none, with --walkthrough, starts nothing
              --walkthrough          play the access-token quickstart through the running system, and end
              --quota=azure|none     the emulator's quota: as Azure has it, or none
              --access-key=          the emulator's access key, base64; by default one of its own making
              --resource-id=         the emulator's resource, a GUID; by default one of its own making
              --call-log=            a file for every call the emulator has had, a line of JSON each
              --kafka.…=             any setting of Kafka, by its own name
              --tokenbroker.…=       any setting of the broker

            A line that begins with `ready` says that everything answers, and where.
            """;

    private LocalStack() {}

    public static void main(String[] arguments) {
        System.exit(run(System.out, System.err, arguments));
    }

    /** Returns the exit status; where the stack is to stay up, returns when it is stopped. */
    static int run(PrintStream out, PrintStream err, String... arguments) {
        if (Arrays.asList(arguments).contains("--help")) {
            out.print(USAGE);
            return DONE;
        }
        Options options;
        try {
            options = OptionsParser.parse(arguments);
        } catch (InvalidOption e) {
            err.println("tokenbroker local: " + e.getMessage());
            return MISUSED;
        }
        LogFile.configure(options);
        try {
            up(options, out, err);
            return DONE;
        } catch (StartFailure | WalkthroughFailure e) {
            err.println("tokenbroker local: " + e.getMessage());
            return FAILED;
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return FAILED;
        }
    }

    private static void up(Options options, PrintStream out, PrintStream err) throws InterruptedException {
        Patience patience = new Patience(PATIENCE, err::println);
        try (Stack stack = new Stack(options, patience)) {
            Runtime.getRuntime().addShutdownHook(new Thread(stack::close, "stop"));
            stack.start();
            out.println(("ready " + stack.addresses()).strip());
            if (options.walkthrough()) {
                Walkthrough.play(options, out);
            } else {
                stack.awaitStop();
            }
        }
    }
}
