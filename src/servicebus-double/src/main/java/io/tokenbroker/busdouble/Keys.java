package io.tokenbroker.busdouble;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.net.URLDecoder;
import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import java.time.Instant;
import java.util.Base64;
import java.util.HashMap;
import java.util.Map;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;

/** Checks shared access signatures as Service Bus does. */
final class Keys {

    static final String NAME = "RootManageSharedAccessKey";

    private static final String SCHEME = "SharedAccessSignature ";

    private final String key;

    Keys(String key) {
        this.key = key;
    }

    boolean isSigned(String token, Instant now) {
        if (!token.startsWith(SCHEME)) {
            return false;
        }
        Map<String, String> parts = new HashMap<>();
        for (String part : token.substring(SCHEME.length()).split("&")) {
            int equals = part.indexOf('=');
            if (equals > 0) {
                parts.put(part.substring(0, equals), part.substring(equals + 1));
            }
        }
        String expiry = parts.getOrDefault("se", "0");
        String signed = parts.getOrDefault("sr", "") + "\n" + expiry;
        byte[] said = URLDecoder.decode(parts.getOrDefault("sig", ""), UTF_8).getBytes(UTF_8);
        return NAME.equals(parts.get("skn"))
                && Long.parseLong(expiry) > now.getEpochSecond()
                && MessageDigest.isEqual(signature(signed).getBytes(UTF_8), said);
    }

    private String signature(String signed) {
        try {
            Mac mac = Mac.getInstance("HmacSHA256");
            mac.init(new SecretKeySpec(key.getBytes(UTF_8), "HmacSHA256"));
            return Base64.getEncoder().encodeToString(mac.doFinal(signed.getBytes(UTF_8)));
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException(e);
        }
    }
}
