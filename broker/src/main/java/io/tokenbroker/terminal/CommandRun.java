package io.tokenbroker.terminal;

import picocli.CommandLine;

/** Runs a command and says what is wrong on standard error. */
final class CommandRun {

    private CommandRun() {}

    static int of(Object command, String... arguments) {
        // there is a console only where somebody sits before it, also in JDKs that have another one otherwise
        System.setProperty("jdk.console", "java.base");
        CommandLine line = new CommandLine(command);
        line.setExecutionExceptionHandler((fault, failed, parsed) -> {
            if (fault instanceof BrokerUnwilling) {
                System.err.println("tokenbroker: " + fault.getMessage());
                return ExitCode.FAILED.status();
            }
            throw fault;
        });
        return line.execute(arguments);
    }
}
