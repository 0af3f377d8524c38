/** Tests of the edge to OpenTelemetry. */
@NullMarked
package io.tokenbroker.telemetry;

import org.jspecify.annotations.NullMarked;
