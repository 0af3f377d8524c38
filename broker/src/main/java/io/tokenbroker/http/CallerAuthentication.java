package io.tokenbroker.http;

import java.util.stream.Stream;
import org.springframework.security.authentication.AbstractAuthenticationToken;
import org.springframework.security.core.authority.SimpleGrantedAuthority;

/** A caller whose JWT was found good. Holds no credentials. */
final class CallerAuthentication extends AbstractAuthenticationToken {

    private static final long serialVersionUID = 1L;

    @SuppressWarnings("serial") // never serialised: there are no sessions
    private final Caller caller;

    CallerAuthentication(Caller caller) {
        super(caller.roles().stream()
                .flatMap(role -> Stream.of(role.claim(), "ROLE_" + role.claim()))
                .map(SimpleGrantedAuthority::new)
                .toList());
        this.caller = caller;
        setAuthenticated(true);
    }

    @Override
    public Caller getPrincipal() {
        return caller;
    }

    @Override
    public String getCredentials() {
        return "";
    }

    @Override
    public String getName() {
        return caller.userId().value();
    }
}
