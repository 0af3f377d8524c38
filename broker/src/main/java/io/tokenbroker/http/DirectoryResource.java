package io.tokenbroker.http;

import io.tokenbroker.directory.ConfirmedDirectory;
import io.tokenbroker.directory.DirectoryEntry;
import io.tokenbroker.directory.DirectoryView;
import io.tokenbroker.directory.UserId;
import io.tokenbroker.directory.UserState;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Predicate;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import org.springframework.http.MediaType;
import org.springframework.stereotype.Component;
import org.springframework.web.reactive.function.server.ServerRequest;
import org.springframework.web.reactive.function.server.ServerResponse;
import reactor.core.publisher.Mono;
import reactor.core.scheduler.Schedulers;

/** The directory, to be read. */
@Component
final class DirectoryResource implements Resource {

    private final DirectoryView view;
    private final ConfirmedDirectory confirmed;

    DirectoryResource(DirectoryView view, ConfirmedDirectory confirmed) {
        this.view = view;
        this.confirmed = confirmed;
    }

    @Override
    public Map<Operation, Handler> handlers() {
        return Map.of(Operation.GET_USER, this::get, Operation.LIST_USERS, this::list);
    }

    /** That there is no such user is said only after Kafka was asked: another instance may just have made one. */
    private Mono<ServerResponse> get(Call call) {
        UserId userId = call.user();
        return Mono.justOrEmpty(shown(view.find(userId)))
                .switchIfEmpty(
                        Mono.defer(() -> confirmed.confirmed(userId)).flatMap(entry -> Mono.justOrEmpty(shown(entry))))
                .switchIfEmpty(Mono.error(() -> Problem.of(ProblemType.UNKNOWN_USER, "nobody has created this user")))
                .flatMap(entry -> ServerResponse.ok()
                        .contentType(MediaType.APPLICATION_JSON)
                        .bodyValue(entry));
    }

    private Mono<ServerResponse> list(Call call) {
        ServerRequest request = call.request();
        int limit = Page.limit(request);
        UserId after = Page.<UserId>cursor(request, DirectoryResource::userId).orElse(null);
        Predicate<DirectoryEntry> wanted = wanted(request);
        return Mono.fromCallable(() -> page(after, wanted, limit))
                .subscribeOn(Schedulers.boundedElastic()) // a rare state may be looked for through all users
                .flatMap(page -> ServerResponse.ok()
                        .contentType(MediaType.APPLICATION_JSON)
                        .bodyValue(page));
    }

    private Page<EntryJson> page(@Nullable UserId after, Predicate<DirectoryEntry> wanted, int limit) {
        List<DirectoryEntry> found =
                view.entriesAfter(after).filter(wanted).limit(limit + 1L).toList();
        List<EntryJson> items = found.stream()
                .limit(limit)
                .flatMap(entry -> EntryJson.of(entry).stream())
                .toList();
        boolean more = found.size() > limit;
        return new Page<>(
                items, more ? Page.encoded(found.get(limit - 1).userId().value()) : null);
    }

    private static Predicate<DirectoryEntry> wanted(ServerRequest request) {
        Optional<String> state = request.queryParam("state");
        if (state.isEmpty()) {
            return entry -> entry.state().isPresent();
        }
        UserState wanted = Arrays.stream(UserState.values())
                .filter(candidate -> candidate.wireName().equals(state.get()))
                .findFirst()
                .orElseThrow(() -> Page.refusal("state", state.get(), states()));
        return entry -> entry.state().filter(wanted::equals).isPresent();
    }

    private static String states() {
        return Arrays.stream(UserState.values()).map(UserState::wireName).collect(Collectors.joining(", "));
    }

    private static Optional<EntryJson> shown(Optional<DirectoryEntry> entry) {
        return entry.flatMap(EntryJson::of);
    }

    private static Optional<UserId> userId(String text) {
        return UserId.problemWith(text).isPresent() ? Optional.empty() : Optional.of(new UserId(text));
    }
}
