package io.tokenbroker.replay;

import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * A replay as it was asked for; never changes.
 *
 * @param id the job's
 * @param range what is read, of the mode's log; without spans where the mode reads none
 * @param letters which dead letters; {@code null} for all, and in every mode but one
 * @param dryRun whether it ends with the plan
 * @param withTokens whether a new identity comes with a first token
 * @param acceptGap whether it goes on without records that retention has deleted
 * @param startedBy the caller
 */
public record ReplayRequest(
        String id,
        Mode mode,
        ScanRange range,
        UserFilter filter,
        @Nullable LetterFilter letters,
        boolean dryRun,
        boolean withTokens,
        boolean acceptGap,
        String startedBy,
        Instant startedOn) {

    /** Without what callers may make as large as they like. */
    ReplayRequest bare() {
        return new ReplayRequest(
                id, mode, range, UserFilter.EVERYBODY, null, dryRun, withTokens, acceptGap, startedBy, startedOn);
    }

    LetterFilter letterFilter() {
        return letters == null ? LetterFilter.ALL : letters;
    }

    /** Whether something may be left out by a filter. */
    boolean isFiltered() {
        return !filter.equals(UserFilter.EVERYBODY) || !letterFilter().equals(LetterFilter.ALL);
    }
}
