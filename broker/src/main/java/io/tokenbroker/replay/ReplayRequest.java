package io.tokenbroker.replay;

import java.time.Instant;

/**
 * A replay as it was asked for; never changes.
 *
 * @param id the job's
 * @param range what is read; without spans where the mode reads no log
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
        boolean dryRun,
        boolean withTokens,
        boolean acceptGap,
        String startedBy,
        Instant startedOn) {}
