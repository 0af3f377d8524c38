/** What the broker announces: the log of outcome events and the feed that subscribers read. */
@NullMarked
package io.tokenbroker.outcomes;

import org.jspecify.annotations.NullMarked;
