package io.tokenbroker.kafka;

import io.tokenbroker.intake.Reading;
import io.tokenbroker.pipeline.RawRecord;
import org.jspecify.annotations.Nullable;

/**
 * A record of the input log, as it came and as it was understood.
 *
 * @param eventType the CloudEvents type, where that much could be read
 */
record Received(RawRecord raw, Reading reading, @Nullable String eventType) {}
