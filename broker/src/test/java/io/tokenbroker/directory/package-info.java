/** Tests of the directory and its views. */
@NullMarked
package io.tokenbroker.directory;

import org.jspecify.annotations.NullMarked;
