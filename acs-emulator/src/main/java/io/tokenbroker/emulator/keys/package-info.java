/** What the emulated resource is known by: its id, access key, certificate authority and token signing key. */
@NullMarked
package io.tokenbroker.emulator.keys;

import org.jspecify.annotations.NullMarked;
