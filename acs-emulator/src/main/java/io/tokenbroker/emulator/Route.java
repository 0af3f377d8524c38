package io.tokenbroker.emulator;

import io.tokenbroker.emulator.Answer.Refusal;
import io.tokenbroker.emulator.calls.Operation;

/** Where a request goes by its method, path and, between the two kinds of create, its body. */
sealed interface Route {
    record To(Operation operation, String identityId) implements Route {}

    record Nowhere(Refusal refusal) implements Route {}

    static Route of(ApiRequest request, RequestBody body) {
        String[] path = request.path().split("/", -1);
        if (path.length < 2 || !path[0].isEmpty()) {
            return nowhere();
        }
        if (path[1].equals("identities")) {
            return switch (path.length) {
                case 2 ->
                    to(request, "POST", body.asksForToken() ? Operation.CREATE_USER_AND_TOKEN : Operation.CREATE, "");
                case 3 -> path[2].isEmpty() ? nowhere() : to(request, "DELETE", Operation.DELETE, path[2]);
                case 4 ->
                    switch (path[3]) {
                        case ":issueAccessToken" -> to(request, "POST", Operation.ISSUE, path[2]);
                        case ":revokeAccessTokens" -> to(request, "POST", Operation.REVOKE, path[2]);
                        default -> nowhere();
                    };
                default -> nowhere();
            };
        }
        boolean exchange = path.length == 3 && path[1].equals("teamsUser") && path[2].equals(":exchangeAccessToken");
        return exchange ? to(request, "POST", Operation.EXCHANGE, "") : nowhere();
    }

    private static Route to(ApiRequest request, String method, Operation operation, String identityId) {
        if (!request.method().equals(method)) {
            return new Nowhere(Refusal.of(405, "MethodNotAllowed", "The method is not allowed here; allowed: " + method)
                    .with("Allow", method));
        }
        return new To(operation, identityId);
    }

    private static Route nowhere() {
        return new Nowhere(Refusal.of(404, "NotFound", "There is no such resource."));
    }
}
