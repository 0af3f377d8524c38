package io.tokenbroker.replay;

import java.util.function.Consumer;

/** The dead letters, to be read again. Blocks its caller. */
public interface Letters {

    /**
     * Hands over the span's dead letters in order, without those that retention has deleted meanwhile.
     *
     * @throws ReplayRefused where the topic is another one
     * @throws History.Unavailable where Kafka does not answer; what was handed over is to be forgotten
     */
    void read(String topicId, ScanRange.Span span, Consumer<Letter> each);
}
