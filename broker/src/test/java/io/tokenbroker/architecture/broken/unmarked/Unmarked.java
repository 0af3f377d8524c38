package io.tokenbroker.architecture.broken.unmarked;

/** In a package that says nothing of nulls. */
final class Unmarked {
    private Unmarked() {}
}
