/** The user to identity entries, their materialised view, and how fresh that view is. */
@NullMarked
package io.tokenbroker.directory;

import org.jspecify.annotations.NullMarked;
