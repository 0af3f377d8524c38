package io.tokenbroker.kafka;

import com.fasterxml.jackson.annotation.JsonAutoDetect.Visibility;
import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonSetter;
import com.fasterxml.jackson.annotation.Nulls;
import io.tokenbroker.directory.AcsIdentityId;
import io.tokenbroker.directory.UserId;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Function;
import tools.jackson.core.JsonGenerator;
import tools.jackson.core.JsonParser;
import tools.jackson.core.JsonToken;
import tools.jackson.databind.DeserializationContext;
import tools.jackson.databind.DeserializationFeature;
import tools.jackson.databind.SerializationContext;
import tools.jackson.databind.ValueDeserializer;
import tools.jackson.databind.ValueSerializer;
import tools.jackson.databind.cfg.MutableConfigOverride;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.module.SimpleModule;
import tools.jackson.databind.ser.std.StdSerializer;

/** How values are written in the broker's topics: compact, unknown fields ignored, sets in a stable order. */
final class Json {

    static final JsonMapper MAPPER = JsonMapper.builder()
            .addModule(values())
            // record components alone: what a value derives from them, such as isEmpty(), is nobody's field
            .changeDefaultVisibility(checker -> checker.withIsGetterVisibility(Visibility.NONE))
            .changeDefaultPropertyInclusion(inclusion -> inclusion.withValueInclusion(JsonInclude.Include.NON_NULL))
            .withConfigOverride(List.class, Json::leaveOutWhenEmpty)
            .withConfigOverride(Set.class, Json::leaveOutWhenEmpty)
            .disable(DeserializationFeature.FAIL_ON_UNKNOWN_PROPERTIES)
            // a value written before a number or a flag was added to its record
            .disable(DeserializationFeature.FAIL_ON_NULL_FOR_PRIMITIVES)
            .build();

    private Json() {}

    private static void leaveOutWhenEmpty(MutableConfigOverride collections) {
        collections.setInclude(JsonInclude.Value.construct(JsonInclude.Include.NON_EMPTY, null));
        collections.setNullHandling(JsonSetter.Value.forValueNulls(Nulls.AS_EMPTY));
    }

    private static SimpleModule values() {
        return new SimpleModule("values")
                .addSerializer(new Text<>(UserId.class, UserId::value))
                .addDeserializer(UserId.class, new FromText<>(UserId::new))
                .addSerializer(new Text<>(AcsIdentityId.class, AcsIdentityId::value))
                .addDeserializer(AcsIdentityId.class, new FromText<>(AcsIdentityId::new))
                .addSerializer(new SortedTexts());
    }

    private static final class Text<T> extends StdSerializer<T> {
        private final Function<T, String> text;

        Text(Class<T> type, Function<T, String> text) {
            super(type);
            this.text = text;
        }

        @Override
        public void serialize(T value, JsonGenerator generator, SerializationContext context) {
            generator.writeString(text.apply(value));
        }
    }

    private static final class FromText<T> extends ValueDeserializer<T> {
        private final Function<String, T> value;

        FromText(Function<String, T> value) {
            this.value = value;
        }

        @Override
        public T deserialize(JsonParser parser, DeserializationContext context) {
            if (!parser.hasToken(JsonToken.VALUE_STRING)) {
                return context.reportInputMismatch(this, "not a text");
            }
            return value.apply(parser.getString());
        }
    }

    /** All sets the broker writes are sets of text. */
    private static final class SortedTexts extends ValueSerializer<Set<?>> {

        @Override
        public Class<?> handledType() {
            return Set.class;
        }

        @Override
        public boolean isEmpty(SerializationContext context, Set<?> value) {
            return value.isEmpty();
        }

        @Override
        public void serialize(Set<?> value, JsonGenerator generator, SerializationContext context) {
            generator.writeStartArray();
            Set<String> sorted = new TreeSet<>();
            value.forEach(text -> sorted.add((String) text));
            sorted.forEach(generator::writeString);
            generator.writeEndArray();
        }
    }
}
