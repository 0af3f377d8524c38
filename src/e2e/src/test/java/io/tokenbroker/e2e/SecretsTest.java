package io.tokenbroker.e2e;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Base64;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class SecretsTest {

    private static final String KEY = "bm90IGEgc2VjcmV0LCBvZiBhIHRlc3Q=";

    @TempDir
    Path folder;

    @Test
    void aTokenOrAKeyIsFoundWhereItIsAndNotShown() throws IOException {
        Path log = log("begins", "fault=Bearer " + token(), "endpoint=https://x/;accesskey=" + KEY, "ends");

        assertThat(Secrets.placesIn(log, KEY)).containsExactly(log + ":2", log + ":3");
        assertThatThrownBy(() -> Secrets.requireNoneIn(log, KEY))
                .hasMessageContaining(log + ":2")
                .hasMessageNotContaining(token())
                .hasMessageNotContaining(KEY);
    }

    @Test
    void theBeginningOfATokenIsNone() throws IOException {
        Path log = log("Issued an access token …: " + token().substring(0, 20) + "…", "tokenId=czAIcfRMFo58lJ3ix1DmDC");

        Secrets.requireNoneIn(log, KEY);
    }

    private Path log(String... lines) throws IOException {
        return Files.writeString(folder.resolve("out.log"), String.join("\n", lines));
    }

    private static String token() {
        var base64 = Base64.getUrlEncoder().withoutPadding();
        return base64.encodeToString("{\"alg\":\"RS256\"}".getBytes(UTF_8))
                + "."
                + base64.encodeToString("{\"sub\":\"alice\"}".getBytes(UTF_8))
                + "."
                + base64.encodeToString(new byte[256]);
    }
}
