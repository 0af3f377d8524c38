package io.tokenbroker.local;

final class LocalStack {
    private LocalStack() {}

    public static void main(String[] args) {}
}
