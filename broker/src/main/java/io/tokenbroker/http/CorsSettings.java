package io.tokenbroker.http;

import io.tokenbroker.intake.FieldError;
import java.net.URI;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;
import org.springframework.boot.context.properties.ConfigurationProperties;

/**
 * Which pages of other origins may call the broker from a browser.
 *
 * @param allowedOrigins origins as a browser writes them, letter by letter, or {@code *} alone for all; none by default
 */
@ConfigurationProperties("tokenbroker.security.cors")
record CorsSettings(@Nullable List<String> allowedOrigins) {

    private static final String ROOT = "tokenbroker.security.cors.allowed-origins";
    private static final String ALL = "*";

    /** @throws IllegalArgumentException naming the field, its value and what is allowed */
    CorsSettings {
        allowedOrigins = allowedOrigins == null ? List.of() : List.copyOf(allowedOrigins);
        for (int i = 0; i < allowedOrigins.size(); i++) {
            String origin = allowedOrigins.get(i);
            if (origin.equals(ALL) && allowedOrigins.size() > 1) {
                throw wrong(i, origin, "* by itself, or origins without it");
            }
            if (!origin.equals(ALL) && !isOrigin(origin)) {
                throw wrong(i, origin, "scheme://host[:port] in lower case, without a path or the scheme's own port");
            }
        }
    }

    List<String> origins() {
        return allowedOrigins == null ? List.of() : allowedOrigins;
    }

    /** RFC 6454, section 6.2: only what a browser would write so can ever match. */
    private static boolean isOrigin(String text) {
        try {
            URI uri = URI.create(text);
            int ownPort = "https".equals(uri.getScheme()) ? 443 : 80;
            String port = uri.getPort() == -1 ? "" : ":" + uri.getPort();
            return List.of("http", "https").contains(String.valueOf(uri.getScheme()))
                    && uri.getHost() != null
                    && uri.getPort() != ownPort
                    && text.equals(uri.getScheme() + "://" + uri.getHost().toLowerCase(Locale.ROOT) + port);
        } catch (IllegalArgumentException notUri) {
            return false;
        }
    }

    private static IllegalArgumentException wrong(int index, String value, String allowed) {
        return new IllegalArgumentException(new FieldError(ROOT + "[" + index + "]", value, allowed).toString());
    }
}
