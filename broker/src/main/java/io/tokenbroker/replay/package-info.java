/**
 * Users provisioned from the log's history: scanned, folded to what each shall be, planned by the pipeline's own rules,
 * and applied at the quota's pace, behind all that is live.
 */
@NullMarked
package io.tokenbroker.replay;

import org.jspecify.annotations.NullMarked;
