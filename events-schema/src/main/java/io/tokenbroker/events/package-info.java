/** The published language: every event the broker takes in and every outcome it announces. */
@NullMarked
package io.tokenbroker.events;

import org.jspecify.annotations.NullMarked;
