/** Tests of what upstream may say. */
@NullMarked
package io.tokenbroker.intake;

import org.jspecify.annotations.NullMarked;
