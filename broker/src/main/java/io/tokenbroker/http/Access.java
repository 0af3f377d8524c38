package io.tokenbroker.http;

import java.util.EnumSet;
import java.util.Set;
import java.util.TreeSet;

/**
 * Who may call an operation.
 *
 * @param roles any of these opens it for every user's sake
 * @param own what a caller without such a role may reach
 */
record Access(Set<Role> roles, Own own) {

    /** What everybody may reach of their own. */
    enum Own {
        /** Nothing: a role is needed. */
        NOTHING,
        /** The operation on the path's user, where that is the caller. */
        PATH_USER,
        /** The operation, which then shows the caller's own alone. */
        RESTRICTED,
        /** All of it, without a JWT. */
        PUBLIC
    }

    Access {
        roles = Set.copyOf(roles);
    }

    static Access of(Own own, Role... roles) {
        Set<Role> set = EnumSet.noneOf(Role.class);
        set.addAll(Set.of(roles));
        return new Access(set, own);
    }

    /** Whether the caller reaches every user's through a role. */
    boolean privileged(Caller caller) {
        return roles.stream().anyMatch(caller::has);
    }

    /** In a roles claim's words, in their order. */
    Set<String> roleNames() {
        Set<String> names = new TreeSet<>();
        roles.forEach(role -> names.add(role.claim()));
        return names;
    }

    /** Says which roles would have opened it. */
    Problem refusal() {
        String needed = "needs one of the roles " + roleNames();
        return Problem.of(ProblemType.FORBIDDEN, own == Own.PATH_USER ? needed + ", or to be that user" : needed);
    }
}
