package io.tokenbroker.bench.http;

/** Looks for what matters in bytes that came, without making text of them. Letters are found in either case. */
final class Bytes {

    private Bytes() {}

    /** @return where {@code wanted}, in lower case, begins in {@code bytes} from {@code from} to {@code end}, or -1 */
    static int find(byte[] bytes, int from, int end, byte[] wanted) {
        for (int start = from; start <= end - wanted.length; start++) {
            int matched = 0;
            while (matched < wanted.length && lower(bytes[start + matched]) == wanted[matched]) {
                matched++;
            }
            if (matched == wanted.length) {
                return start;
            }
        }
        return -1;
    }

    /** The digits that begin at {@code at}. */
    static long number(byte[] bytes, int at) {
        long number = 0;
        for (int i = at; bytes[i] >= '0' && bytes[i] <= '9'; i++) {
            number = 10 * number + bytes[i] - '0';
        }
        return number;
    }

    private static int lower(byte letter) {
        return letter >= 'A' && letter <= 'Z' ? letter + 32 : letter;
    }
}
