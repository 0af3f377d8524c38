/** The running system under load of one kind: what it must bear, measured beside what it is compared with. */
@NullMarked
package io.tokenbroker.bench.load;

import org.jspecify.annotations.NullMarked;
