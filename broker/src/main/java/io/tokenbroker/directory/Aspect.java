package io.tokenbroker.directory;

/** What an event speaks about; events are stale only against events of their own aspect. */
public enum Aspect {
    /** Created or deleted. */
    EXISTENCE,
    /** Suspended or resumed. */
    ACCESS
}
