/** A strict local stand-in for the ACS Identity REST API. */
@NullMarked
package io.tokenbroker.emulator;

import org.jspecify.annotations.NullMarked;
