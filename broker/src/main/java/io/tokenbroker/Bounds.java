package io.tokenbroker;

import io.tokenbroker.intake.FieldError;
import java.time.Duration;

/** Says which setting is out of its bounds, and what they are. */
final class Bounds {

    private Bounds() {}

    static void check(String setting, int value, int least, int most) {
        if (value < least || value > most) {
            throw new IllegalArgumentException(
                    new FieldError(setting, Integer.toString(value), least + " to " + most).toString());
        }
    }

    static void check(String setting, Duration value, Duration least, Duration most) {
        if (value.compareTo(least) < 0 || value.compareTo(most) > 0) {
            throw new IllegalArgumentException(
                    new FieldError(setting, value.toString(), least + " to " + most).toString());
        }
    }
}
