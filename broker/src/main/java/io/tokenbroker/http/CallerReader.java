package io.tokenbroker.http;

import io.tokenbroker.directory.UserId;
import java.time.Instant;
import java.util.Arrays;
import java.util.Collection;
import java.util.EnumSet;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.springframework.security.oauth2.jwt.Jwt;
import org.springframework.security.oauth2.server.resource.InvalidBearerTokenException;

/** Reads the caller out of a JWT that was found good, by the claims its issuer uses. */
final class CallerReader {

    private final SecuritySettings.Issuer issuer;
    private final Set<String> othersPrefixes;

    /** @param othersPrefixes what the ids of other issuers' users begin with; none of this issuer's may */
    CallerReader(SecuritySettings.Issuer issuer, Set<String> othersPrefixes) {
        this.issuer = issuer;
        // all of this issuer's begin with any shorter one
        this.othersPrefixes = othersPrefixes.stream()
                .filter(prefix -> prefix.startsWith(String.valueOf(issuer.userIdPrefix())))
                .collect(Collectors.toUnmodifiableSet());
    }

    /** @throws InvalidBearerTokenException for a JWT without a usable user id */
    Caller read(Jwt jwt) {
        String claim = String.valueOf(issuer.userIdClaim());
        Map<String, Object> claims = jwt.getClaims();
        if (!(claims.get(claim) instanceof String id)) {
            throw new InvalidBearerTokenException("the claim " + claim + " is missing or no text");
        }
        String userId = issuer.userIdPrefix() + id;
        if (UserId.problemWith(userId).isPresent()) {
            throw new InvalidBearerTokenException("the claim " + claim + " is no user id");
        }
        if (othersPrefixes.stream().anyMatch(userId::startsWith)) {
            throw new InvalidBearerTokenException("the claim " + claim + " begins with the prefix of another issuer");
        }
        Instant expiresOn = Objects.requireNonNull(jwt.getExpiresAt(), "exp was validated");
        return new Caller(new UserId(userId), roles(claims.get(issuer.rolesClaim())), isApplication(claims), expiresOn);
    }

    private static Set<Role> roles(@Nullable Object claim) {
        Stream<String> names = switch (claim) {
            case Collection<?> several -> several.stream().map(String::valueOf);
            case String text -> Arrays.stream(text.split(" "));
            case null, default -> Stream.empty();
        };
        Set<Role> roles = EnumSet.noneOf(Role.class);
        names.forEach(name -> Role.of(name).ifPresent(roles::add));
        return roles;
    }

    /** Entra says so in {@code idtyp}; elsewhere the subject of an application's token is the client itself. */
    private static boolean isApplication(Map<String, Object> claims) {
        Object subject = claims.get("sub");
        return "app".equals(claims.get("idtyp"))
                || (subject != null && (subject.equals(claims.get("client_id")) || subject.equals(claims.get("azp"))));
    }
}
