package io.tokenbroker.emulator;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.netty.buffer.Unpooled;
import io.netty.handler.codec.http.HttpHeaderNames;
import io.tokenbroker.emulator.Answer.Refusal;
import io.tokenbroker.emulator.Answer.Success;
import io.tokenbroker.emulator.calls.Calls;
import io.tokenbroker.emulator.calls.Faults;
import io.tokenbroker.emulator.calls.Faults.Failure;
import io.tokenbroker.emulator.calls.Operation;
import io.tokenbroker.emulator.calls.Quota;
import io.tokenbroker.emulator.ledger.LedgerUnwritable;
import java.time.Clock;
import java.time.Duration;
import java.util.Base64;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.atomic.AtomicReference;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import reactor.core.publisher.Mono;
import reactor.core.scheduler.Schedulers;
import reactor.netty.http.server.HttpServerRequest;
import reactor.netty.http.server.HttpServerResponse;

/** The API as callers meet it: faults first, then who calls, which version, how often, and what they ask for. */
final class IdentityApi {
    private static final Logger LOG = LoggerFactory.getLogger(IdentityApi.class);
    private static final int MAX_CONTENT = 1 << 20;
    private static final String CLIENT_REQUEST_ID = "x-ms-client-request-id";
    private static final Map<Integer, String> ERROR_CODES = Map.of(
            400, "BadRequest",
            403, "Forbidden",
            404, "NotFound",
            408, "RequestTimeout",
            429, "TooManyRequests",
            500, "InternalServerError",
            502, "BadGateway",
            503, "ServiceUnavailable",
            504, "GatewayTimeout");

    private final RequestSignature signature;
    private final Resource resource;
    private final Calls calls;
    private final Clock clock;
    private final Quota usualQuota;
    private final AtomicReference<InForce> inForce;

    private record InForce(Faults faults, Quota quota) {}

    IdentityApi(RequestSignature signature, Resource resource, Calls calls, Quota quota, Clock clock) {
        this.signature = signature;
        this.resource = resource;
        this.calls = calls;
        this.clock = clock;
        usualQuota = quota;
        inForce = new AtomicReference<>(new InForce(Faults.NONE, quota));
    }

    /** Replaces all faults. What was used of a quota that stays the same stays used. */
    void apply(Faults faults) {
        Quota quota = faults.quota().orElse(usualQuota);
        inForce.updateAndGet(
                before -> new InForce(faults, before.quota().allowsAsMuchAs(quota) ? before.quota() : quota));
    }

    Faults faults() {
        return inForce.get().faults();
    }

    Mono<Void> handle(HttpServerRequest request, HttpServerResponse response) {
        long began = System.nanoTime();
        Integer length = request.requestHeaders().getInt(HttpHeaderNames.CONTENT_LENGTH);
        if (length != null && length > MAX_CONTENT) {
            return send(Refusal.of(413, "PayloadTooLarge", "The body is over 1 MiB."), "", request, response, began);
        }
        return request.receive()
                .aggregate()
                .asByteArray()
                .defaultIfEmpty(new byte[0])
                // answered in the turn that read it, a request that had to wait for the one before it would be the last
                // one read on its connection: reactor-netty issue 4361
                .publishOn(Schedulers.parallel())
                .flatMap(content -> serve(content, request, response, began));
    }

    private Mono<Void> serve(byte[] content, HttpServerRequest request, HttpServerResponse response, long began) {
        var call = new ApiRequest(request.method().name(), request.uri(), request.requestHeaders(), content);
        RequestBody body = RequestBody.read(content);
        return switch (Route.of(call, body)) {
            case Route.Nowhere nowhere -> send(nowhere.refusal(), "", request, response, began);
            case Route.To route -> serve(route, call, body, request, response, began);
        };
    }

    private Mono<Void> serve(
            Route.To route,
            ApiRequest call,
            RequestBody body,
            HttpServerRequest request,
            HttpServerResponse response,
            long began) {
        Operation operation = route.operation();
        Calls.Call counted =
                calls.begin(operation, call.header(CLIENT_REQUEST_ID).orElse(""), route.identityId());
        InForce now = inForce.get();
        if (now.faults().hangs(operation)) {
            response.withConnection(connection -> connection.onDispose(counted::unanswered));
            return Mono.never();
        }
        Mono<Answer> answer = Mono.defer(() -> answer(route, call, body, now)).onErrorResume(this::broken);
        Duration latency = now.faults().latency();
        Mono<Answer> late = latency.isZero() ? answer : Mono.delay(latency).then(answer);
        return late.flatMap(given -> {
                    if (given instanceof Success && now.faults().dropsResponse(operation)) {
                        return cut(response, counted, given.status());
                    }
                    counted.answered(given.status());
                    return send(given, ApiVersion.supporting(operation), request, response, began);
                })
                .doOnCancel(counted::unanswered);
    }

    private Mono<Answer> answer(Route.To route, ApiRequest call, RequestBody body, InForce now) {
        Operation operation = route.operation();
        Optional<Refusal> refusal = signature
                .refusal(call)
                .or(() -> versionRefusal(call, operation))
                .or(() -> quotaRefusal(operation, now))
                .or(() -> now.faults().failure(operation).map(IdentityApi::failed))
                .or(() -> contentTypeRefusal(call, operation));
        if (refusal.isPresent()) {
            return Mono.just(refusal.get());
        }
        ApiVersion version =
                call.parameter("api-version").flatMap(ApiVersion::of).orElseThrow();
        Optional<Refusal> wrong = body.refusal(operation, version);
        return wrong.isPresent()
                ? Mono.just(wrong.get())
                : resource.perform(route, body, version, now.faults().tokenLifetime());
    }

    private static Optional<Refusal> versionRefusal(ApiRequest call, Operation operation) {
        Optional<String> asked = call.parameter("api-version");
        String supported = " Supported: " + ApiVersion.supporting(operation) + ".";
        if (asked.isEmpty()) {
            return Optional.of(Refusal.of(
                    400, "ApiVersionUnspecified", "An API version is required, but was not specified." + supported));
        }
        boolean known =
                asked.flatMap(ApiVersion::of).filter(v -> v.knows(operation)).isPresent();
        return known
                ? Optional.empty()
                : Optional.of(Refusal.of(
                        400,
                        "UnsupportedApiVersion",
                        "The HTTP resource that matches the request URI does not support the API version '"
                                + asked.get() + "'." + supported));
    }

    private Optional<Refusal> quotaRefusal(Operation operation, InForce now) {
        return now.quota()
                .excess(operation, clock.instant())
                .map(wait -> Refusal.tooManyRequests()
                        .with(
                                "Retry-After",
                                Long.toString(Math.max(1, wait.plusMillis(999).toSeconds()))));
    }

    private static Optional<Refusal> contentTypeRefusal(ApiRequest call, Operation operation) {
        boolean takesBody = operation != Operation.REVOKE && operation != Operation.DELETE;
        String type = call.header("content-type").orElse("").toLowerCase(Locale.ROOT);
        boolean json = type.equals("application/json") || type.startsWith("application/json;");
        return takesBody && call.content().length > 0 && !json
                ? Optional.of(Refusal.of(415, "UnsupportedMediaType", "The content type is not application/json."))
                : Optional.empty();
    }

    private static Refusal failed(Failure failure) {
        Integer wait = failure.retryAfterSeconds();
        Refusal refusal = failure.status() == 401
                ? Refusal.denied("a fault that was asked for")
                : Refusal.of(
                        failure.status(),
                        ERROR_CODES.getOrDefault(failure.status(), "Error"),
                        "A fault that was asked for.");
        return wait == null ? refusal : refusal.with("Retry-After", wait.toString());
    }

    private Mono<Answer> broken(Throwable cause) {
        if (cause instanceof LedgerUnwritable) {
            return Mono.just(Refusal.of(503, "ServiceUnavailable", "The ledger cannot be written; is the disk full?"));
        }
        LOG.error("A call failed inside the emulator", cause);
        return Mono.just(Refusal.of(500, "InternalServerError", "The emulator failed; its log says why."));
    }

    /** Ends the connection; what never completes cannot be answered. */
    private static Mono<Void> cut(HttpServerResponse response, Calls.Call counted, int status) {
        counted.lost(status);
        response.withConnection(connection -> {
            var unused = connection.channel().close();
        });
        return Mono.never();
    }

    private static Mono<Void> send(
            Answer answer, String versions, HttpServerRequest request, HttpServerResponse response, long began) {
        response.status(answer.status());
        response.header("MS-CV", correlationVector());
        if (!versions.isEmpty()) {
            response.header("api-supported-versions", versions);
        }
        response.header("X-Processing-Time", (System.nanoTime() - began) / 1_000_000 + "ms");
        String clientRequestId = request.requestHeaders().get(CLIENT_REQUEST_ID);
        if (clientRequestId != null) {
            response.header(CLIENT_REQUEST_ID, clientRequestId);
        }
        answer.headers().forEach(response::header);
        String body = answer.body();
        if (body == null) {
            return response.send();
        }
        response.header(HttpHeaderNames.CONTENT_TYPE, "application/json; charset=utf-8");
        return response.sendObject(Unpooled.wrappedBuffer(body.getBytes(UTF_8))).then();
    }

    private static String correlationVector() {
        byte[] random = new byte[16];
        ThreadLocalRandom.current().nextBytes(random);
        return Base64.getEncoder().withoutPadding().encodeToString(random) + ".0";
    }
}
