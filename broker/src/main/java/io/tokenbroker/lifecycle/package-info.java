/** The rules: what an event does to a user's directory entry, which ACS calls follow, and what is announced. Pure. */
@NullMarked
package io.tokenbroker.lifecycle;

import org.jspecify.annotations.NullMarked;
