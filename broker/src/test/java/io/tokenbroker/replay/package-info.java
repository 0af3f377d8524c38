@NullMarked
package io.tokenbroker.replay;

import org.jspecify.annotations.NullMarked;
