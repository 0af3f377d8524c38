package io.tokenbroker.http;

import io.tokenbroker.outcomes.Announced;
import io.tokenbroker.outcomes.FeedPosition;
import io.tokenbroker.outcomes.OutcomeFeed;
import io.tokenbroker.outcomes.Wanted;
import java.util.Locale;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** Outcomes as events. Each has an id: whatever cuts the stream, the last one received is where to go on. */
final class OutcomeContent implements SseContent {

    private final OutcomeFrames frames;
    private final OutcomeFeed feed;
    private final Wanted wanted;
    private final @Nullable FeedPosition after;
    private boolean garbage;
    private OutcomeFeed.@Nullable Reader reader;
    private @Nullable FeedPosition said;

    /** @param garbage whether its client came with an id that is no position */
    OutcomeContent(
            OutcomeFrames frames, OutcomeFeed feed, Wanted wanted, @Nullable FeedPosition after, boolean garbage) {
        this.frames = frames;
        this.feed = feed;
        this.wanted = wanted;
        this.after = after;
        this.garbage = garbage;
    }

    @Override
    public void open(Runnable more) {
        reader = feed.open(after, wanted, more);
    }

    @Override
    public int write(int most, Consumer<byte[]> to) {
        OutcomeFeed.Reader open = reader;
        if (open == null) {
            return 0;
        }
        int first = 0;
        if (garbage) {
            garbage = false;
            to.accept(gap(OutcomeFeed.Reason.POSITION));
            first = 1;
        }
        return first
                + open.read(most - first, item -> {
                    said = item.position();
                    to.accept(frame(item));
                });
    }

    private byte[] frame(OutcomeFeed.Item item) {
        return switch (item) {
            case Announced announced -> frames.of(announced);
            case OutcomeFeed.Item.Started(FeedPosition position) ->
                SseFrames.comment("started", PositionCodec.encode(position));
            case OutcomeFeed.Item.Gap(FeedPosition position, OutcomeFeed.Reason reason) ->
                SseFrames.withId(PositionCodec.encode(position), gap(reason));
        };
    }

    private static byte[] gap(OutcomeFeed.Reason reason) {
        return SseFrames.event("gap", "{\"reason\":\"" + reason.name().toLowerCase(Locale.ROOT) + "\"}");
    }

    @Override
    public boolean isOver() {
        return false;
    }

    /** A comment, and the position where only events that this client does not want have passed since. */
    @Override
    public byte[] heartbeat() {
        FeedPosition position = reader == null ? null : reader.position();
        if (position == null || said == null || position.equals(said)) {
            return SseFrames.HEARTBEAT;
        }
        said = position;
        return SseFrames.comment("heartbeat", PositionCodec.encode(position));
    }

    @Override
    public void close() {
        if (reader != null) {
            reader.close();
        }
    }
}
