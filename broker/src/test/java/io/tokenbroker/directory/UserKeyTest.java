package io.tokenbroker.directory;

import static org.assertj.core.api.Assertions.assertThat;

import io.tokenbroker.pipeline.Seeds;
import java.util.Locale;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class UserKeyTest {

    private static final String GUID = "5a4f7f3e-8a1c-4c60-9d5f-0b6c8c1f2a3b";

    @Test
    void keysAreOrderedAndEqualAsUserIdsAreAndLeadBackToThem() {
        long seed = Seeds.next();
        Seeds.explain(seed, () -> {
            NearGuids any = new NearGuids(new Random(seed));
            for (int i = 0; i < 20_000; i++) {
                UserId one = any.userId();
                UserId other = any.userId();

                int order = UserKey.of(one).compareTo(UserKey.of(other));

                assertThat(Integer.signum(order)).isEqualTo(Integer.signum(one.compareTo(other)));
                assertThat(UserKey.of(one).equals(UserKey.of(other))).isEqualTo(one.equals(other));
                assertThat(UserKey.of(one).userId()).isEqualTo(one);
            }
        });
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "5A4F7F3E-8A1C-4C60-9D5F-0B6C8C1F2A3B",
                "5a4f7f3e-8a1c-4c60-9d5f-0b6c8c1f2a3",
                "5a4f7f3e-8a1c-4c60-9d5f-0b6c8c1f2a3b0",
                "5a4f7f3e-8a1c-4c60-9d5f-0b6c8c1f2a3g",
                "5a4f7f3e08a1c04c6009d5f00b6c8c1f2a3b",
                "{a4f7f3e-8a1c-4c60-9d5f-0b6c8c1f2a3}"
            })
    void onlyTheCanonicalTextIsAGuid(String text) {
        assertThat(Guid.parse(text, 0)).isNull();
    }

    @Test
    void aGuidIsFoundBehindWhateverComesBeforeIt() {
        assertThat(Guid.parse("8:acs:" + GUID, 6)).hasToString(GUID);
    }

    /** User ids that differ late, in case or in length, from others that are guids. */
    private static final class NearGuids extends ArbitraryEntries {

        NearGuids(Random random) {
            super(random);
        }

        @Override
        public UserId userId() {
            int last = random.nextInt(GUID.length());
            String tail = String.valueOf("0123456789abcdefABF-~é".charAt(random.nextInt(22)));
            return switch (random.nextInt(5)) {
                case 0 -> super.userId();
                case 1 -> new UserId(GUID.substring(0, last) + tail);
                case 2 -> new UserId(GUID.toUpperCase(Locale.ROOT));
                case 3 -> new UserId(GUID + tail);
                default -> new UserId(GUID.substring(0, last) + tail + GUID.substring(last + 1));
            };
        }
    }
}
