package io.tokenbroker.pipeline;

import io.tokenbroker.directory.UserId;
import org.jspecify.annotations.Nullable;

/**
 * A record that could not be applied, with why.
 *
 * @param userId the user it speaks of, where that much could be read
 * @param eventType the CloudEvents type, where that much could be read
 * @param reason what is wrong and what is allowed, never with a secret in it
 * @param attempts how often ACS was asked; 0 where it never came to that
 */
public record DeadLetter(
        RawRecord record, @Nullable UserId userId, @Nullable String eventType, String reason, int attempts) {}
