package io.tokenbroker.terminal;

/** What a script is told. 130 comes by itself where Ctrl-C detaches. */
enum ExitCode {
    DONE(0),
    /** The broker cannot be reached or refuses, or the job failed; the message says why. */
    FAILED(1),
    /** An option is wrong, or an answer is needed and nobody can be asked. */
    USAGE(2),
    /** Somebody cancelled the job. */
    CANCELLED(3),
    /** The job is done, and some users were refused or parked. */
    INCOMPLETE(4),
    /** The plan was not confirmed. */
    DECLINED(5);

    private final int status;

    ExitCode(int status) {
        this.status = status;
    }

    int status() {
        return status;
    }
}
