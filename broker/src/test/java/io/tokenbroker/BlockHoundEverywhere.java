package io.tokenbroker;

import org.junit.jupiter.api.extension.Extension;
import reactor.blockhound.BlockHound;

/**
 * Installs BlockHound in a JVM that runs tests, before the first of them. BlockHound's own listener would also do so in
 * Maven's JVM, where tests are but looked for when they are to run in several others.
 */
public final class BlockHoundEverywhere implements Extension {
    static {
        BlockHound.install();
    }
}
