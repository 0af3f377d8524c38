package io.tokenbroker.http;

import io.tokenbroker.directory.UserId;
import io.tokenbroker.intake.FieldError;
import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.HexFormat;

/**
 * User ids in paths and queries. A path segment is the id percent-encoded (RFC 3986), or {@code ~} and the base64url
 * of its UTF-8 bytes; ids that proxies and frameworks are known to mangle must use the second form.
 */
final class UserIdCodec {

    /** In place of an id: the caller's own. */
    static final String ME = "me";

    private static final String FIELD = "id";
    private static final String SECOND_FORM = "~ and the base64url of the id's UTF-8 bytes";
    private static final String FORMS = UserId.ALLOWED + ", percent-encoded, or " + SECOND_FORM;

    private UserIdCodec() {}

    /** The segment that names the user in a path, always readable by {@link #fromSegment}. */
    static String toSegment(UserId userId) {
        String id = userId.value();
        if (needsSecondForm(id) || id.equals(ME)) {
            return "~" + Base64.getUrlEncoder().withoutPadding().encodeToString(userId.utf8());
        }
        StringBuilder segment = new StringBuilder();
        for (byte octet : userId.utf8()) {
            if (octet > ' ' && octet < 0x7f && isUnreserved((char) octet)) {
                segment.append((char) octet);
            } else {
                segment.append('%').append(HexFormat.of().withUpperCase().toHexDigits(octet));
            }
        }
        return segment.toString();
    }

    /** @throws Problem for a segment that is no valid id, or has to be written in the second form */
    static UserId fromSegment(String rawSegment, UserId self) {
        String decoded = percentDecoded(rawSegment);
        if (decoded.startsWith("~")) {
            return base64Decoded(decoded);
        }
        if (decoded.equals(ME)) {
            return self;
        }
        if (needsSecondForm(decoded)) {
            throw refusal(decoded, "an id with / \\ ; or %, or that is . or .., is written as " + SECOND_FORM);
        }
        return valid(decoded);
    }

    /** A user named in a query parameter, whose percent-encoding is undone already. */
    static UserId fromParameter(String value, UserId self) {
        if (value.startsWith("~")) {
            return base64Decoded(value);
        }
        return value.equals(ME) ? self : valid(value);
    }

    private static boolean needsSecondForm(String id) {
        return id.startsWith("~")
                || id.equals(".")
                || id.equals("..")
                || id.chars().anyMatch(c -> c == '/' || c == '\\' || c == ';' || c == '%');
    }

    private static UserId base64Decoded(String form) {
        try {
            return valid(strictUtf8(Base64.getUrlDecoder().decode(form.substring(1)), form));
        } catch (IllegalArgumentException notBase64) {
            throw refusal(form, SECOND_FORM);
        }
    }

    private static UserId valid(String id) {
        if (UserId.problemWith(id).isPresent()) {
            throw refusal(id, FORMS);
        }
        return new UserId(id);
    }

    private static String percentDecoded(String raw) {
        ByteArrayOutputStream octets = new ByteArrayOutputStream(raw.length());
        for (int i = 0; i < raw.length(); i++) {
            char c = raw.charAt(i);
            if (c == '%') {
                octets.write(octetAt(raw, i));
                i += 2;
            } else if (c < 0x80) {
                octets.write(c);
            } else {
                throw refusal(raw, FORMS);
            }
        }
        return strictUtf8(octets.toByteArray(), raw);
    }

    private static int octetAt(String raw, int percent) {
        if (percent + 2 < raw.length()
                && HexFormat.isHexDigit(raw.charAt(percent + 1))
                && HexFormat.isHexDigit(raw.charAt(percent + 2))) {
            return HexFormat.fromHexDigits(raw, percent + 1, percent + 3);
        }
        throw refusal(raw, FORMS);
    }

    private static String strictUtf8(byte[] octets, String shown) {
        try {
            return StandardCharsets.UTF_8
                    .newDecoder()
                    .decode(ByteBuffer.wrap(octets))
                    .toString();
        } catch (CharacterCodingException notUtf8) {
            throw refusal(shown, FORMS);
        }
    }

    private static boolean isUnreserved(char c) {
        return Character.isLetterOrDigit(c) || "-._~:@!$&'()*+,=".indexOf(c) >= 0;
    }

    private static Problem refusal(String found, String allowed) {
        return Problem.of(ProblemType.INVALID_USER_ID, new FieldError(FIELD, LogSafe.escaped(found), allowed));
    }
}
