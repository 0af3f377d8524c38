/** Benchmarks: each figure beside a reference in the same run. */
@NullMarked
package io.tokenbroker.bench;

import org.jspecify.annotations.NullMarked;
