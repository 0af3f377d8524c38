@NullMarked
package io.tokenbroker.terminal;

import org.jspecify.annotations.NullMarked;
