/** The edge to HTTP: WebFlux routes, problem details, security and SSE. */
@NullMarked
package io.tokenbroker.http;

import org.jspecify.annotations.NullMarked;
