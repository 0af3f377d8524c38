/** Per-user lanes, the watermark, retry and parking, and the group-commit transaction. */
@NullMarked
package io.tokenbroker.pipeline;

import org.jspecify.annotations.NullMarked;
