package io.tokenbroker.servicebus;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

class ServiceBusSettingsTest {

    private static final String KEY = "c2VjcmV0LWtleQ==";
    private static final String CONNECTION =
            "Endpoint=sb://contoso.servicebus.windows.net/;SharedAccessKeyName=broker;SharedAccessKey=" + KEY;

    private static InSettings in(
            @Nullable String connection, @Nullable String namespace, @Nullable String queue, int prefetch) {
        return new InSettings(connection, namespace, queue, null, null, false, 128, prefetch);
    }

    @Test
    void nothingIsOnWhereNothingIsSet() {
        assertThat(in(null, null, null, 0).checked().isOn()).isFalse();
        assertThat(new OutSettings(null, null, null, null, false).checked().isOn())
                .isFalse();
    }

    @Test
    void aQueueOrASubscriptionIsReachedWithAKeyOrAnIdentity() {
        assertThat(in(CONNECTION, null, "q", 128).checked().isOn()).isTrue();
        assertThat(new InSettings(null, "contoso.servicebus.windows.net", null, "t", "s", true, 8, 0)
                        .checked()
                        .isOn())
                .isTrue();
        assertThat(new OutSettings(CONNECTION + ";EntityPath=t", null, "t", null, false)
                        .checked()
                        .isOn())
                .isTrue();
    }

    @Test
    void whatIsWrongIsNamed() {
        assertThatThrownBy(() -> in(null, null, "q", 0).checked())
                .hasMessageContaining("tokenbroker.servicebus.in.connection-string is 'neither'");
        assertThatThrownBy(() ->
                        in(CONNECTION, "contoso.servicebus.windows.net", "q", 0).checked())
                .hasMessageContaining("tokenbroker.servicebus.in.connection-string is 'both'");
        assertThatThrownBy(() -> in(null, "https://contoso/", "q", 0).checked())
                .hasMessageContaining("tokenbroker.servicebus.in.namespace is 'https://contoso/'");
        assertThatThrownBy(() -> in(CONNECTION, null, null, 0).checked())
                .hasMessageContaining("tokenbroker.servicebus.in.queue is 'neither'");
        assertThatThrownBy(() -> new InSettings(CONNECTION, null, null, "t", null, false, 1, 0).checked())
                .hasMessageContaining("tokenbroker.servicebus.in.subscription is missing");
        assertThatThrownBy(() -> in(CONNECTION, null, "q", 129).checked())
                .hasMessageContaining("tokenbroker.servicebus.in.prefetch is '129'; allowed: 0 to 128");
        assertThatThrownBy(() -> new OutSettings(CONNECTION, null, "t", "q", false).checked())
                .hasMessageContaining("tokenbroker.servicebus.out.topic is 'both'");
        assertThatThrownBy(() -> new OutSettings(CONNECTION + ";EntityPath=other", null, "t", null, false).checked())
                .hasMessageContaining("tokenbroker.servicebus.out.connection-string")
                .hasMessageContaining("is for another entity");
    }

    @Test
    void aKeyIsInNoMessageAndNoText() {
        String broken = "SharedAccessKeyName=broker;SharedAccessKey=" + KEY;

        assertThatThrownBy(() -> in(broken, null, "q", 0).checked())
                .hasMessageContaining("connection-string is '(hidden)")
                .hasMessageNotContaining(KEY);
        assertThat(in(CONNECTION, null, "q", 0).toString()).contains("q").doesNotContain(KEY);
        assertThat(new OutSettings(CONNECTION, null, "t", null, false).toString())
                .contains("t")
                .doesNotContain(KEY);
    }
}
