package io.tokenbroker;

import io.tokenbroker.terminal.DeadLettersCommand;
import io.tokenbroker.terminal.ReplayCommand;
import java.util.Arrays;
import org.springframework.boot.SpringApplication;
import org.springframework.boot.autoconfigure.SpringBootApplication;

/** Starts the broker, or talks to one that runs. */
@SpringBootApplication
public class TokenBroker {

    public static void main(String[] args) {
        switch (args.length == 0 ? "" : args[0]) {
            case "replay" -> System.exit(ReplayCommand.run(Arrays.copyOfRange(args, 1, args.length)));
            case "dead-letters" -> System.exit(DeadLettersCommand.run(Arrays.copyOfRange(args, 1, args.length)));
            default -> SpringApplication.run(TokenBroker.class, args);
        }
    }
}
