package io.tokenbroker.architecture.broken.core.pipeline;

/** Breaks a rule on purpose. */
public final class KnowsSpring {
    Class<?> theirs() {
        return org.springframework.context.ApplicationContext.class;
    }
}
