package io.tokenbroker.directory;

/**
 * The latest replay that decided this user.
 *
 * @param job its id
 */
public record Replayed(String job, ReplayOutcome outcome) {}
