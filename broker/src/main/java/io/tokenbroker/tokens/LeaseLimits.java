package io.tokenbroker.tokens;

/**
 * How far leases go.
 *
 * @param most leases on this instance at a time, at least 1
 * @param newPerUserAndMinute how many new tokens one user may have within any minute, at least 1
 * @param enoughLeft the part of its life that a token must have left to be handed out again, 0 to 1
 */
public record LeaseLimits(int most, int newPerUserAndMinute, double enoughLeft) {}
