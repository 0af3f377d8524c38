package io.tokenbroker.acs;

import io.tokenbroker.lifecycle.Step;

/** The operations of the ACS Identity API, each with a quota of its own. */
enum Operation {
    CREATE("create", false),
    CREATE_USER_AND_TOKEN("create-user-and-token", false),
    ISSUE("issue", true),
    EXCHANGE("exchange", true),
    REVOKE("revoke", false),
    DELETE("delete", false);

    private final String settingName;
    private final boolean interactive;

    Operation(String settingName, boolean interactive) {
        this.settingName = settingName;
        this.interactive = interactive;
    }

    /** Its name in settings, metrics and messages. */
    String settingName() {
        return settingName;
    }

    /** Whether callers of the HTTP API use up its quota; events use up that of the others. */
    boolean interactive() {
        return interactive;
    }

    /** Whether it works on an identity that may be no more, and then has nothing left to do. */
    boolean takesAway() {
        return this == REVOKE || this == DELETE;
    }

    boolean makesIdentity() {
        return this == CREATE || this == CREATE_USER_AND_TOKEN;
    }

    static Operation of(Step step) {
        return switch (step) {
            case Step.CreateIdentity create -> CREATE;
            case Step.CreateIdentityWithToken create -> CREATE_USER_AND_TOKEN;
            case Step.RevokeTokens revoke -> REVOKE;
            case Step.DeleteIdentity delete -> DELETE;
        };
    }
}
