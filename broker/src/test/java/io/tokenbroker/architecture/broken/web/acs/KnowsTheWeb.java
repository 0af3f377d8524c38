package io.tokenbroker.architecture.broken.web.acs;

/** Breaks a rule on purpose. */
public final class KnowsTheWeb {
    Class<?> theirs() {
        return org.springframework.web.reactive.function.server.ServerRequest.class;
    }
}
