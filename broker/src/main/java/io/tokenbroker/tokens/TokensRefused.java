package io.tokenbroker.tokens;

import io.tokenbroker.intake.FieldError;
import java.util.List;

/** Tokens of this kind will never be issued. */
public final class TokensRefused extends RuntimeException {
    private static final long serialVersionUID = 1L;

    private final transient List<FieldError> errors;

    TokensRefused(List<FieldError> errors) {
        super("tokens are refused: " + errors);
        this.errors = List.copyOf(errors);
    }

    public List<FieldError> errors() {
        return errors;
    }
}
