package io.tokenbroker.terminal;

import tools.jackson.databind.node.ObjectNode;

/** Where a range begins or ends, as it is written on a command line. */
final class Bounds {

    private static final String OFFSETS = "\\d+:\\d+(,\\d+:\\d+)*";

    private Bounds() {}

    /** Anything but offsets is the broker's to judge. */
    static void put(ObjectNode request, String field, String text) {
        if (!text.matches(OFFSETS)) {
            request.put(field, text);
            return;
        }
        ObjectNode offsets = request.putObject(field).putObject("offsets");
        for (String place : text.split(",", -1)) {
            int colon = place.indexOf(':');
            try {
                offsets.put(place.substring(0, colon), Long.parseLong(place.substring(colon + 1)));
            } catch (NumberFormatException e) {
                throw new BrokerUnwilling("--" + field + " has " + place + "; allowed: <partition>:<offset>");
            }
        }
    }
}
