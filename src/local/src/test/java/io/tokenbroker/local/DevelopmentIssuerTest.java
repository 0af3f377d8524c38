package io.tokenbroker.local;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Clock;
import java.time.Duration;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.springframework.security.oauth2.jwt.Jwt;
import org.springframework.security.oauth2.jwt.JwtValidationException;
import org.springframework.security.oauth2.jwt.ReactiveJwtDecoder;
import org.springframework.security.oauth2.jwt.ReactiveJwtDecoders;
import reactor.test.StepVerifier;

class DevelopmentIssuerTest {
    @TempDir
    Path data;

    private final HttpClient http = HttpClient.newHttpClient();
    private DevelopmentIssuer issuer;

    @BeforeEach
    void start() throws IOException {
        issuer = DevelopmentIssuer.start(LocalPort.HOST, 0, data.resolve("issuer"), Clock.systemUTC());
    }

    @AfterEach
    void stop() {
        issuer.close();
        http.close();
    }

    @Test
    void a_resource_server_that_discovers_the_issuer_accepts_its_tokens() throws Exception {
        String token = accessToken("sub=alice&roles=users.admin,events.write");

        Jwt jwt = decoder().decode(token).blockOptional().orElseThrow();

        assertThat(jwt.getSubject()).isEqualTo("alice");
        assertThat(jwt.getAudience()).containsExactly("tokenbroker");
        assertThat(jwt.getClaimAsStringList("roles")).containsExactly("users.admin", "events.write");
        assertThat(jwt.getIssuer()).hasToString(issuer.uri());
        assertThat(Duration.between(jwt.getIssuedAt(), jwt.getExpiresAt())).isEqualTo(Duration.ofHours(1));
    }

    @Test
    void tokens_name_the_issuer_as_it_was_told() throws Exception {
        try (var named = DevelopmentIssuer.start("issuer.example", 0, data.resolve("named"), Clock.systemUTC())) {
            assertThat(named.uri()).startsWith("http://issuer.example:");
        }
    }

    @Test
    void a_token_without_roles_has_an_empty_list_of_them() throws Exception {
        Jwt jwt = decoder().decode(accessToken("sub=alice")).blockOptional().orElseThrow();

        assertThat(jwt.getClaimAsStringList("roles")).isEmpty();
    }

    @Test
    void a_token_lives_and_is_meant_for_whom_the_caller_asks() throws Exception {
        Jwt jwt = decoder()
                .decode(accessToken("sub=alice&ttl=60&aud=other"))
                .blockOptional()
                .orElseThrow();

        assertThat(Duration.between(jwt.getIssuedAt(), jwt.getExpiresAt())).isEqualTo(Duration.ofSeconds(60));
        assertThat(jwt.getAudience()).containsExactly("other");
    }

    @Test
    void a_lifetime_below_zero_makes_a_token_that_has_expired() throws Exception {
        String token = accessToken("sub=alice&ttl=-600");

        StepVerifier.create(decoder().decode(token))
                .verifyErrorSatisfies(error -> assertThat(error)
                        .isInstanceOf(JwtValidationException.class)
                        .hasMessageContaining("expired"));
    }

    @Test
    void tokens_are_still_accepted_after_a_restart() throws Exception {
        String token = accessToken("sub=alice");
        int port = URI.create(issuer.uri()).getPort();

        issuer.close();
        issuer = DevelopmentIssuer.start(LocalPort.HOST, port, data.resolve("issuer"), Clock.systemUTC());

        StepVerifier.create(decoder().decode(token)).expectNextCount(1).verifyComplete();
    }

    @Test
    void the_key_is_readable_by_its_owner_alone() throws Exception {
        Path key = data.resolve("issuer").resolve("signing-key.json");

        assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(key)))
                .isEqualTo("rw-------");
        assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(key.getParent())))
                .isEqualTo("rwx------");
    }

    @Test
    void the_published_keys_are_public_ones() throws Exception {
        assertThat(get("/.well-known/jwks.json").body()).contains("\"kid\"").doesNotContain("\"d\"");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "roles=users.admin|sub is missing",
                "sub=alice&ttl=soon|ttl: 'soon' is not possible; allowed: seconds up to 86400",
                "sub=alice&ttl=86401|ttl: '86401' is not possible",
                "sub=alice&ttl=0|ttl: '0' is not possible",
                "sub=alice&role=users.admin|there is no parameter 'role'; allowed: aud, roles, sub, ttl",
            })
    void a_request_that_is_wrong_is_told_what_is_allowed(String query, String message) throws Exception {
        HttpResponse<String> response = get("/access-token?" + query);

        assertThat(response.statusCode()).isEqualTo(400);
        assertThat(response.body()).startsWith(message);
    }

    @Test
    void nothing_but_reading_is_allowed() throws Exception {
        HttpRequest request = HttpRequest.newBuilder(URI.create(issuer.uri() + "/access-token?sub=alice"))
                .DELETE()
                .build();

        assertThat(http.send(request, BodyHandlers.ofString()).statusCode()).isEqualTo(405);
    }

    private ReactiveJwtDecoder decoder() {
        return ReactiveJwtDecoders.fromIssuerLocation(issuer.uri());
    }

    private String accessToken(String query) throws Exception {
        HttpResponse<String> response = get("/access-token?" + query);
        assertThat(response.statusCode()).isEqualTo(200);
        return response.body();
    }

    private HttpResponse<String> get(String path) throws Exception {
        return http.send(HttpRequest.newBuilder(URI.create(issuer.uri() + path)).build(), BodyHandlers.ofString());
    }
}
