package io.tokenbroker.replay;

import java.util.function.Consumer;

/** The users a replay is about, each judged as the directory is at that moment. Can be gone through any number of times. */
interface Candidates {

    /**
     * @param withStrays whether what lies away from home is gathered first
     * @return what was found on the way
     */
    Scanned forEach(boolean withStrays, Consumer<Judgement> each);
}
