package io.tokenbroker.http;

import static io.tokenbroker.http.Access.Own.NOTHING;
import static io.tokenbroker.http.Access.Own.PATH_USER;
import static io.tokenbroker.http.Access.Own.PUBLIC;
import static io.tokenbroker.http.Access.Own.RESTRICTED;
import static io.tokenbroker.http.Role.EVENTS_READ;
import static io.tokenbroker.http.Role.EVENTS_WRITE;
import static io.tokenbroker.http.Role.REPLAY;
import static io.tokenbroker.http.Role.TOKENS_ISSUE;
import static io.tokenbroker.http.Role.USERS_ADMIN;
import static org.springframework.http.HttpMethod.DELETE;
import static org.springframework.http.HttpMethod.GET;
import static org.springframework.http.HttpMethod.POST;
import static org.springframework.http.HttpMethod.PUT;

import org.springframework.http.HttpMethod;

/**
 * Every operation: how it is called, what a caller may reach of their own, and the roles of which any opens the rest.
 * With the two accesses below this table is the whole matrix of roles; {@code security.md} shows it. Settings narrow it
 * further: an event's {@code source} per caller, a token's scopes and lifetime by the role they are asked for with.
 */
@SuppressWarnings("ImmutableEnumChecker") // methods, templates and accesses are immutable, but not annotated as such
enum Operation {
    PUBLISH_EVENTS(POST, "/v1/events", NOTHING, EVENTS_WRITE),
    CREATE_USER(PUT, "/v1/users/{id}", NOTHING, EVENTS_WRITE, USERS_ADMIN),
    DELETE_USER(DELETE, "/v1/users/{id}", NOTHING, EVENTS_WRITE, USERS_ADMIN),
    SUSPEND_USER(POST, "/v1/users/{id}/suspend", NOTHING, EVENTS_WRITE, USERS_ADMIN),
    RESUME_USER(POST, "/v1/users/{id}/resume", NOTHING, EVENTS_WRITE, USERS_ADMIN),
    REVOKE_TOKENS(DELETE, "/v1/users/{id}/tokens", PATH_USER, EVENTS_WRITE, USERS_ADMIN),
    GET_USER(GET, "/v1/users/{id}", NOTHING, USERS_ADMIN),
    LIST_USERS(GET, "/v1/users", NOTHING, USERS_ADMIN),
    ISSUE_TOKEN(POST, "/v1/users/{id}/tokens", PATH_USER, TOKENS_ISSUE),
    STREAM_TOKENS(GET, "/v1/users/{id}/tokens/stream", PATH_USER, TOKENS_ISSUE),
    EXCHANGE_TEAMS_TOKEN(POST, "/v1/teams/tokens", RESTRICTED),
    STREAM_OUTCOMES(GET, "/v1/token-events", RESTRICTED, EVENTS_READ),
    START_REPLAY(POST, "/v1/replays", NOTHING, REPLAY),
    LIST_REPLAYS(GET, "/v1/replays", NOTHING, REPLAY),
    GET_REPLAY(GET, "/v1/replays/{job}", NOTHING, REPLAY),
    PAUSE_REPLAY(POST, "/v1/replays/{job}/pause", NOTHING, REPLAY),
    RESUME_REPLAY(POST, "/v1/replays/{job}/resume", NOTHING, REPLAY),
    CANCEL_REPLAY(POST, "/v1/replays/{job}/cancel", NOTHING, REPLAY),
    STREAM_REPLAY(GET, "/v1/replays/{job}/progress", NOTHING, REPLAY),
    LIST_DEAD_LETTERS(GET, "/v1/dead-letters", NOTHING, USERS_ADMIN),
    REDRIVE_DEAD_LETTER(POST, "/v1/dead-letters/{place}/redrive", NOTHING, USERS_ADMIN),
    LIST_ORPHANS(GET, "/v1/orphans", NOTHING, USERS_ADMIN),
    READ_OPENAPI(GET, "/openapi", PUBLIC),
    READ_ASYNCAPI(GET, "/asyncapi", PUBLIC);

    /** An event that gives its user an identity which is there already, besides what its operation needs. */
    static final Access ADOPT_IDENTITY = Access.of(NOTHING, USERS_ADMIN);

    /** The actuator's paths besides health, and health's details; how else they are open is {@link MetricsAccess}'. */
    static final Access READ_ACTUATOR = Access.of(NOTHING, USERS_ADMIN);

    private final HttpMethod method;
    private final PathTemplate template;
    private final Access access;

    Operation(HttpMethod method, String template, Access.Own own, Role... roles) {
        this.method = method;
        this.template = new PathTemplate(template);
        this.access = Access.of(own, roles);
    }

    HttpMethod method() {
        return method;
    }

    PathTemplate template() {
        return template;
    }

    Access access() {
        return access;
    }
}
