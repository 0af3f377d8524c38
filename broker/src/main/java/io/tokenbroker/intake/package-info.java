/** What upstream may say: CloudEvents validated and translated to lifecycle events, or refused with the field named. */
@NullMarked
package io.tokenbroker.intake;

import org.jspecify.annotations.NullMarked;
