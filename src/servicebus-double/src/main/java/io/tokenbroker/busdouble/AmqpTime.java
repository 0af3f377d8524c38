package io.tokenbroker.busdouble;

import java.util.Date;

/** The codec's type for a timestamp. */
final class AmqpTime {

    private AmqpTime() {}

    @SuppressWarnings("JavaUtilDate") // the codec knows no other
    static Date of(long millis) {
        return new Date(millis);
    }
}
