/** The broker's answers and streams over HTTP, beside what WebFlux alone does. */
@NullMarked
package io.tokenbroker.bench.http;

import org.jspecify.annotations.NullMarked;
