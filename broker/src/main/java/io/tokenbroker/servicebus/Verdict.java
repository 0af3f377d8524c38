package io.tokenbroker.servicebus;

import io.tokenbroker.intake.LifecycleLog;

/** What is to be done with a message. */
sealed interface Verdict {

    /** Its event goes into the input log. */
    record Append(LifecycleLog.Draft draft) implements Verdict {}

    /** Its event is of a type that is neither ours nor aliased. */
    record Ignore() implements Verdict {}

    /**
     * It goes to the dead-letter queue.
     *
     * @param reason says in a word what it is, and names the fields
     * @param description says what is wrong with each and what is allowed
     */
    record Refuse(String reason, String description) implements Verdict {}
}
