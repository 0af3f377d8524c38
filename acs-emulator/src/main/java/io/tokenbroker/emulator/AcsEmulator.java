package io.tokenbroker.emulator;

final class AcsEmulator {
    private AcsEmulator() {}

    public static void main(String[] args) {}
}
