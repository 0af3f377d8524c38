package io.tokenbroker.http;

import java.net.URI;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import org.slf4j.LoggerFactory;
import org.springframework.boot.context.properties.ConfigurationProperties;

/**
 * Whose access tokens are taken, and what their callers may write.
 *
 * @param issuers the OAuth2 issuers trusted; at least one
 * @param allowInsecureIssuers whether {@code http://} issuers are taken anywhere but on loopback
 * @param sources what single callers may give as the source of their CloudEvents
 */
@ConfigurationProperties("tokenbroker.security")
record SecuritySettings(
        @Nullable List<Issuer> issuers,
        boolean allowInsecureIssuers,
        @Nullable List<SourceRule> sources) {

    private static final String ROOT = "tokenbroker.security.";
    private static final Pattern LOOPBACK = Pattern.compile("localhost|127(?:\\.\\d{1,3}){3}|\\[?::1]?");

    /**
     * @param issuerUri the {@code iss} of its tokens, where its OpenID configuration is found
     * @param audiences a token needs one of these as its {@code aud}; at least one
     * @param userIdClaim the claim that holds the user id; {@code sub} by default
     * @param userIdPrefix put before it; several issuers need distinct ones
     * @param rolesClaim the claim that holds roles, as an array or separated by spaces; {@code roles} by default
     */
    record Issuer(
            @Nullable String issuerUri,
            @Nullable List<String> audiences,
            @Nullable String userIdClaim,
            @Nullable String userIdPrefix,
            @Nullable String rolesClaim) {

        Issuer {
            audiences = audiences == null ? List.of() : List.copyOf(audiences);
            userIdClaim = userIdClaim == null ? "sub" : userIdClaim;
            userIdPrefix = userIdPrefix == null ? "" : userIdPrefix;
            rolesClaim = rolesClaim == null ? "roles" : rolesClaim;
        }

        String uri() {
            return issuerUri == null ? "" : issuerUri;
        }
    }

    /**
     * @param subject the caller's user id, prefix included
     * @param allowed the only sources whose events this caller may send
     */
    record SourceRule(@Nullable String subject, @Nullable Set<String> allowed) {
        SourceRule {
            subject = subject == null ? "" : subject;
            allowed = allowed == null ? Set.of() : Set.copyOf(allowed);
        }

        boolean isAbout(Caller caller) {
            return caller.userId().value().equals(subject);
        }

        Set<String> sources() {
            return allowed == null ? Set.of() : allowed;
        }
    }

    /** @throws IllegalArgumentException naming the field, its value and what is allowed */
    SecuritySettings {
        issuers = issuers == null ? List.of() : List.copyOf(issuers);
        sources = sources == null ? List.of() : List.copyOf(sources);
        require(!issuers.isEmpty(), "issuers", "", "at least one issuer, with issuer-uri and audiences");
        Set<String> uris = new HashSet<>();
        Set<String> prefixes = new HashSet<>();
        for (int i = 0; i < issuers.size(); i++) {
            Issuer issuer = issuers.get(i);
            String field = "issuers[" + i + "].";
            requireReachable(issuer.uri(), field + "issuer-uri", allowInsecureIssuers);
            require(uris.add(issuer.uri()), field + "issuer-uri", issuer.uri(), "each issuer once");
            require(!given(issuer.audiences()).isEmpty(), field + "audiences", "", "at least one audience");
            String prefix = String.valueOf(issuer.userIdPrefix());
            require(prefixes.add(prefix), field + "user-id-prefix", prefix, "a prefix of its own for each issuer");
        }
        for (int i = 0; i < sources.size(); i++) {
            String field = "sources[" + i + "].";
            String subject = String.valueOf(sources.get(i).subject());
            require(!subject.isEmpty(), field + "subject", "", "the user id of a caller");
            require(!sources.get(i).sources().isEmpty(), field + "allowed", "", "at least one CloudEvents source");
        }
    }

    List<Issuer> trusted() {
        return given(issuers);
    }

    /** What the ids of the other issuers' users begin with. */
    Set<String> prefixesBeside(Issuer issuer) {
        return trusted().stream()
                .filter(other -> !other.uri().equals(issuer.uri()))
                .map(other -> String.valueOf(other.userIdPrefix()))
                .collect(Collectors.toSet());
    }

    /** The only sources this caller may send events of; empty where it may send any. */
    Optional<Set<String>> sourcesOf(Caller caller) {
        List<SourceRule> rules =
                given(sources).stream().filter(rule -> rule.isAbout(caller)).toList();
        return rules.isEmpty()
                ? Optional.empty()
                : Optional.of(rules.stream()
                        .flatMap(rule -> rule.sources().stream())
                        .collect(Collectors.toCollection(TreeSet::new)));
    }

    /** Whether what is read from there can be trusted: by TLS, or because it never leaves the host. */
    static boolean isSecure(String uri) {
        URI parsed = parsed(uri);
        if (parsed == null || parsed.getHost() == null || parsed.getScheme() == null) {
            return false;
        }
        return switch (parsed.getScheme().toLowerCase(Locale.ROOT)) {
            case "https" -> true;
            case "http" -> LOOPBACK.matcher(parsed.getHost()).matches();
            default -> false;
        };
    }

    private static void requireReachable(String uri, String field, boolean allowInsecure) {
        URI parsed = parsed(uri);
        boolean web = parsed != null
                && parsed.getHost() != null
                && List.of("http", "https").contains(String.valueOf(parsed.getScheme()));
        require(web, field, uri, "an https:// URL");
        if (!isSecure(uri)) {
            String allowed = "https://, or http:// on loopback, or " + ROOT + "allow-insecure-issuers=true";
            require(allowInsecure, field, uri, allowed);
            LoggerFactory.getLogger(SecuritySettings.class)
                    .atWarn()
                    .addKeyValue("issuer", uri)
                    .log("keys of an issuer are read without TLS: whoever is between can make any token");
        }
    }

    private static @Nullable URI parsed(String uri) {
        try {
            return URI.create(uri);
        } catch (IllegalArgumentException notUri) {
            return null;
        }
    }

    private static void require(boolean condition, String field, String value, String allowed) {
        if (!condition) {
            throw new IllegalArgumentException(ROOT + field + " is '" + value + "'; allowed: " + allowed);
        }
    }

    private static <T> List<T> given(@Nullable List<T> list) {
        return list == null ? List.of() : list;
    }
}
