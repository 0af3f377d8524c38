package io.tokenbroker.acs;

import java.net.URI;
import java.util.Base64;
import java.util.HashMap;
import java.util.Locale;
import java.util.Map;

/** {@code endpoint=https://…;accesskey=…}, as the Azure portal shows it. */
record ConnectionString(String endpoint, String accessKey) {

    static final String ALLOWED = "endpoint=https://<resource>.communication.azure.com/;accesskey=<base64>";

    /** @throws IllegalArgumentException without the text in its message */
    static ConnectionString parse(String text) {
        Map<String, String> parts = new HashMap<>();
        for (String part : text.split(";", -1)) {
            int equals = part.indexOf('=');
            if (equals > 0) {
                parts.put(
                        part.substring(0, equals).strip().toLowerCase(Locale.ROOT),
                        part.substring(equals + 1).strip());
            }
        }
        String endpoint = parts.getOrDefault("endpoint", "");
        String key = parts.getOrDefault("accesskey", "");
        if (!isHttps(endpoint)) {
            throw new IllegalArgumentException("has no https endpoint");
        }
        if (!isBase64(key)) {
            throw new IllegalArgumentException("has no access key in base64");
        }
        return new ConnectionString(endpoint, key);
    }

    static boolean isHttps(String endpoint) {
        try {
            URI uri = URI.create(endpoint);
            return "https".equalsIgnoreCase(uri.getScheme()) && uri.getHost() != null;
        } catch (IllegalArgumentException malformed) {
            return false;
        }
    }

    private static boolean isBase64(String key) {
        try {
            return Base64.getDecoder().decode(key).length > 0;
        } catch (IllegalArgumentException malformed) {
            return false;
        }
    }

    @Override
    public String toString() {
        return "ConnectionString[endpoint=" + endpoint + ", accessKey=hidden]";
    }
}
