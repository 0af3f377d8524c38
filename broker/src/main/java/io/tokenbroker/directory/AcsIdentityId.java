package io.tokenbroker.directory;

import java.util.Locale;

/** An ACS identity, {@code 8:acs:<resource guid>_<user guid>}, as Azure Communication Services writes it. */
public record AcsIdentityId(String value) {

    private static final String PREFIX = "8:acs:";
    private static final int GUID_LENGTH = 36;
    private static final int SEPARATOR = PREFIX.length() + GUID_LENGTH;

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
        return candidate.length() == SEPARATOR + 1 + GUID_LENGTH
                && candidate.startsWith(PREFIX)
                && isGuid(candidate, PREFIX.length())
                && candidate.charAt(SEPARATOR) == '_'
                && isGuid(candidate, SEPARATOR + 1);
    }

    private static boolean isGuid(String text, int start) {
        for (int i = 0; i < GUID_LENGTH; i++) {
            char character = text.charAt(start + i);
            boolean dash = i == 8 || i == 13 || i == 18 || i == 23;
            if (dash ? character != '-' : !isHexDigit(character)) {
                return false;
            }
        }
        return true;
    }

    private static boolean isHexDigit(char character) {
        return (character >= '0' && character <= '9')
                || (character >= 'a' && character <= 'f')
                || (character >= 'A' && character <= 'F');
    }

    /** Puts together what {@link #resource} and {@link #user} take apart. */
    static AcsIdentityId of(String resource, String user) {
        return new AcsIdentityId(PREFIX + resource + "_" + user);
    }

    /** The resource's guid as it is written. */
    String resource() {
        return value.substring(PREFIX.length(), SEPARATOR);
    }

    /** The guid that tells the identity from others of its resource, as it is written. */
    String user() {
        return value.substring(SEPARATOR + 1);
    }

    /** The immutable id of the ACS resource that owns the identity, in lower case. */
    public String resourceId() {
        return resource().toLowerCase(Locale.ROOT);
    }

    @Override
    public String toString() {
        return value;
    }
}
