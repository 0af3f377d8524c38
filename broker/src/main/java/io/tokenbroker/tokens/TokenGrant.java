package io.tokenbroker.tokens;

/** By what right somebody asks for a token; each has its own {@link TokenPermission}. */
public enum TokenGrant {
    /** A user asks for a token of their own. */
    SELF,
    /** The caller may have a token of any user. */
    TOKENS_ISSUE
}
