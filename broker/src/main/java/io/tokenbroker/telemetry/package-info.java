/** The edge to OpenTelemetry: the only importer of its API. Nothing of it is put together unless spans are exported. */
@NullMarked
package io.tokenbroker.telemetry;

import org.jspecify.annotations.NullMarked;
