package io.tokenbroker.http;

import java.time.Duration;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.springframework.web.reactive.function.server.ServerRequest;

/** The caller's wish to be answered only when the work is done: {@code Prefer: wait=N} (RFC 7240), 1 to 30 seconds. */
record Preference(int seconds) {

    static final String HEADER = "Prefer";
    static final String APPLIED = "Preference-Applied";

    private static final int LONGEST = 30;
    private static final Pattern WAIT = Pattern.compile("(?:^|[,;\\s])wait\\s*=\\s*\"?(\\d{1,9})\"?(?=$|[,;\\s])");

    /** Empty where there is none; a wish that cannot be met is ignored, and a longer one is cut short. */
    static Optional<Preference> of(ServerRequest request) {
        Matcher wait = WAIT.matcher(String.join(", ", request.headers().header(HEADER)));
        if (!wait.find()) {
            return Optional.empty();
        }
        int seconds = Integer.parseInt(wait.group(1));
        return seconds < 1 ? Optional.empty() : Optional.of(new Preference(Math.min(seconds, LONGEST)));
    }

    Duration patience() {
        return Duration.ofSeconds(seconds);
    }

    /** What is said to have been applied. */
    String text() {
        return "wait=" + seconds;
    }
}
