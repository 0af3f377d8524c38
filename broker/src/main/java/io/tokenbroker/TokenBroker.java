package io.tokenbroker;

final class TokenBroker {
    private TokenBroker() {}

    public static void main(String[] args) {}
}
