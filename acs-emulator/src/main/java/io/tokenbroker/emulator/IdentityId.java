package io.tokenbroker.emulator;

import java.util.Locale;
import java.util.Optional;
import java.util.UUID;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** An identity's id: {@code 8:acs:<resource>_<user>}. */
record IdentityId(UUID resource, UUID user) {
    private static final String GUID = "[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}";
    private static final Pattern FORM = Pattern.compile("8:acs:(" + GUID + ")_(" + GUID + ")");

    static Optional<IdentityId> parse(String id) {
        Matcher matcher = FORM.matcher(id.toLowerCase(Locale.ROOT));
        return matcher.matches()
                ? Optional.of(new IdentityId(UUID.fromString(matcher.group(1)), UUID.fromString(matcher.group(2))))
                : Optional.empty();
    }

    /** As the tokens' {@code skypeid} claim has it. */
    String skypeId() {
        return "acs:" + resource + "_" + user;
    }

    @Override
    public String toString() {
        return "8:" + skypeId();
    }
}
