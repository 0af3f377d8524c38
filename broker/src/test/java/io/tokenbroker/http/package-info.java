/** Tests of the edge to HTTP, over a real server and with tokens really signed. */
@NullMarked
package io.tokenbroker.http;

import org.jspecify.annotations.NullMarked;
