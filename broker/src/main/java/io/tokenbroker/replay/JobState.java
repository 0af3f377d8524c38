package io.tokenbroker.replay;

import java.util.Locale;

/** Where a job is. */
public enum JobState {
    /** Waiting for its turn, or reading. */
    SCANNING,
    PLANNED,
    APPLYING,
    PAUSED,
    COMPLETED,
    CANCELLED,
    FAILED;

    /** Whether nothing more will happen. */
    public boolean isOver() {
        return switch (this) {
            case SCANNING, PLANNED, APPLYING, PAUSED -> false;
            case COMPLETED, CANCELLED, FAILED -> true;
        };
    }

    boolean mayBecome(JobState next) {
        return switch (this) {
            case SCANNING -> next != APPLYING && next != COMPLETED;
            case PLANNED -> next != SCANNING;
            case APPLYING -> next != SCANNING && next != PLANNED;
            case PAUSED -> next != PLANNED && next != COMPLETED;
            case COMPLETED, CANCELLED, FAILED -> false;
        };
    }

    /** The name in JSON. */
    public String wireName() {
        return name().toLowerCase(Locale.ROOT);
    }
}
