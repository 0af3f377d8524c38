package io.tokenbroker.http;

import java.util.Arrays;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.core.env.Environment;
import org.springframework.http.HttpHeaders;
import org.springframework.security.config.annotation.web.reactive.EnableWebFluxSecurity;
import org.springframework.security.config.web.server.ServerHttpSecurity;
import org.springframework.security.core.AuthenticationException;
import org.springframework.security.oauth2.core.OAuth2AuthenticationException;
import org.springframework.security.web.server.SecurityWebFilterChain;
import org.springframework.security.web.server.context.NoOpServerSecurityContextRepository;
import org.springframework.security.web.server.firewall.ServerExchangeRejectedHandler;
import org.springframework.security.web.server.firewall.StrictServerWebExchangeFirewall;

/**
 * Authentication for every path that is not named public here; who may do what is {@link Operation}'s to say, except
 * for the actuator's paths, which are no operations.
 */
@Configuration(proxyBeanMethods = false)
@EnableWebFluxSecurity
class SecurityConfiguration {

    @Bean
    SecurityWebFilterChain securityWebFilterChain(
            ServerHttpSecurity http, Issuers issuers, ProblemWriter problems, Environment environment) {
        return http.csrf(ServerHttpSecurity.CsrfSpec::disable) // no cookies, so nothing to forge
                .formLogin(ServerHttpSecurity.FormLoginSpec::disable)
                .httpBasic(ServerHttpSecurity.HttpBasicSpec::disable)
                .logout(ServerHttpSecurity.LogoutSpec::disable)
                .requestCache(ServerHttpSecurity.RequestCacheSpec::disable)
                .securityContextRepository(NoOpServerSecurityContextRepository.getInstance())
                .oauth2ResourceServer(server -> server.authenticationManagerResolver(issuers)
                        .authenticationEntryPoint(
                                (exchange, fault) -> problems.write(exchange, unauthenticated(fault))))
                .exceptionHandling(handling -> handling.authenticationEntryPoint(
                                (exchange, fault) -> problems.write(exchange, unauthenticated(fault)))
                        .accessDeniedHandler(
                                (exchange, fault) -> problems.write(exchange, Operation.READ_ACTUATOR.refusal())))
                .authorizeExchange(exchanges -> exchanges
                        .pathMatchers(publicPaths())
                        .permitAll()
                        .pathMatchers("/actuator/health", "/actuator/health/**", "/livez", "/readyz")
                        .permitAll()
                        .pathMatchers("/actuator/**")
                        .access(new MetricsAccess(environment))
                        .anyExchange()
                        .authenticated())
                .build();
    }

    /** Ids may hold anything once decoded, and {@link UserIdCodec} says which of them a path may carry, and how. */
    @Bean
    StrictServerWebExchangeFirewall firewall() {
        StrictServerWebExchangeFirewall firewall = new StrictServerWebExchangeFirewall();
        firewall.setAllowSemicolon(true);
        firewall.setAllowBackSlash(true);
        firewall.setAllowNull(true);
        firewall.setAllowUrlEncodedSlash(true);
        firewall.setAllowUrlEncodedDoubleSlash(true);
        firewall.setAllowUrlEncodedPercent(true);
        firewall.setAllowUrlEncodedPeriod(true);
        firewall.setAllowUrlEncodedCarriageReturn(true);
        firewall.setAllowUrlEncodedLineFeed(true);
        firewall.setAllowUrlEncodedLineSeparator(true);
        firewall.setAllowUrlEncodedParagraphSeparator(true);
        return firewall;
    }

    @Bean
    ServerExchangeRejectedHandler rejectedHandler(ProblemWriter problems) {
        return (exchange, rejected) -> problems.write(exchange, Problems.rejected());
    }

    private static String[] publicPaths() {
        return Arrays.stream(Operation.values())
                .filter(operation -> operation.access().own() == Access.Own.PUBLIC)
                .map(operation -> operation.template().text())
                .toArray(String[]::new);
    }

    /** RFC 6750, section 3: without a token the scheme alone, with a bad one what is wrong with it. */
    private static Problem unauthenticated(AuthenticationException fault) {
        if (!(fault instanceof OAuth2AuthenticationException bad)) {
            return Problem.of(ProblemType.UNAUTHENTICATED, "no access token was sent")
                    .with(HttpHeaders.WWW_AUTHENTICATE, "Bearer");
        }
        String description = bad.getError().getDescription();
        String why = description == null ? "the access token is not valid" : description;
        String quotable = why.replaceAll("[^\\x20-\\x7e]|[\"\\\\]", "'");
        return Problem.of(ProblemType.UNAUTHENTICATED, quotable)
                .with(
                        HttpHeaders.WWW_AUTHENTICATE,
                        "Bearer error=\"" + bad.getError().getErrorCode() + "\", error_description=\"" + quotable
                                + "\"");
    }
}
