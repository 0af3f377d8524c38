package io.tokenbroker.directory;

import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** An ACS identity, {@code 8:acs:<resource guid>_<user guid>}, as Azure Communication Services writes it. */
public record AcsIdentityId(String value) {

    private static final String GUID = "[0-9a-fA-F]{8}(?:-[0-9a-fA-F]{4}){3}-[0-9a-fA-F]{12}";
    private static final Pattern FORM = Pattern.compile("8:acs:(" + GUID + ")_(" + GUID + ")");

    /** What the constructor allows, in words for an error's {@code allowed}. */
    public static final String ALLOWED = "8:acs:<resource guid>_<8-4-4-4-12 hex digits>";

    /** @throws IllegalArgumentException when the value has another form */
    public AcsIdentityId {
        if (!isWellFormed(value)) {
            throw new IllegalArgumentException("not an ACS identity id; allowed: " + ALLOWED);
        }
    }

    /** Whether the candidate has the form of an ACS identity id. */
    public static boolean isWellFormed(String candidate) {
        return FORM.matcher(candidate).matches();
    }

    /** The immutable id of the ACS resource that owns the identity, in lower case. */
    public String resourceId() {
        Matcher matcher = FORM.matcher(value);
        if (!matcher.matches()) {
            throw new IllegalStateException();
        }
        return matcher.group(1).toLowerCase(java.util.Locale.ROOT);
    }

    @Override
    public String toString() {
        return value;
    }
}
