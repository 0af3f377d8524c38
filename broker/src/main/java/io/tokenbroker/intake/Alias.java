package io.tokenbroker.intake;

import org.jspecify.annotations.Nullable;
import tools.jackson.core.JsonPointer;

/**
 * An upstream's own name for one of the broker's input types. Its data is read as that type's.
 *
 * @param type the CloudEvents {@code type} upstream uses
 * @param as the input type it stands for
 * @param userIdFrom {@code subject}, which is the default and falls back as for the broker's own types, or a JSON
 *     Pointer (RFC 6901) into the structured event, such as {@code /data/user/id}, and then only there
 */
public record Alias(String type, String as, String userIdFrom) {

    /** The usual place of the user id. */
    public static final String SUBJECT = "subject";

    /** @throws IllegalArgumentException naming the field, the value and what is allowed */
    public Alias(@Nullable String type, @Nullable String as, @Nullable String userIdFrom) {
        if (type == null || type.isBlank() || type.startsWith(Intake.OWN_TYPES)) {
            throw new IllegalArgumentException(
                    "alias type is '" + type + "'; allowed: a type that does not begin with " + Intake.OWN_TYPES);
        }
        if (as == null || !LifecycleTypes.UPSTREAM.contains(as)) {
            throw new IllegalArgumentException(
                    "alias " + type + " stands for '" + as + "'; allowed: one of " + LifecycleTypes.UPSTREAM);
        }
        this.type = type;
        this.as = as;
        this.userIdFrom = userIdFrom == null ? SUBJECT : userIdFrom;
        pointer(this.userIdFrom, type);
    }

    /** Where to look; {@code null} for the usual place. */
    @Nullable JsonPointer pointer() {
        return pointer(userIdFrom, type);
    }

    private static @Nullable JsonPointer pointer(String place, String type) {
        if (place.equals(SUBJECT)) {
            return null;
        }
        if (place.length() < 2 || place.charAt(0) != '/') {
            throw new IllegalArgumentException("alias " + type + " has its user id from '" + place
                    + "'; allowed: subject, or a JSON Pointer such as /data/user/id");
        }
        return JsonPointer.compile(place);
    }
}
