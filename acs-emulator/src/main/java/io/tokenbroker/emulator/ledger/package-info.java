/** Every identity that was ever made, kept in memory and told again from a journal after a restart. */
@NullMarked
package io.tokenbroker.emulator.ledger;

import org.jspecify.annotations.NullMarked;
