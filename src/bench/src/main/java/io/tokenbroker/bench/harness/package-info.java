/** What every command needs: processes, the emulator's control port, options, figures and how they are printed. */
@NullMarked
package io.tokenbroker.bench.harness;

import org.jspecify.annotations.NullMarked;
