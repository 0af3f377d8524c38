package io.tokenbroker;

import org.springframework.boot.SpringApplication;
import org.springframework.boot.autoconfigure.SpringBootApplication;

/** Starts the broker. */
@SpringBootApplication
public class TokenBroker {

    public static void main(String[] args) {
        SpringApplication.run(TokenBroker.class, args);
    }
}
