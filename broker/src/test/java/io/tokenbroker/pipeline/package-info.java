/** Tests of the pipeline: order, watermark, commits, retries, bounds. */
@NullMarked
package io.tokenbroker.pipeline;

import org.jspecify.annotations.NullMarked;
