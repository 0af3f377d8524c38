package io.tokenbroker.intake;

import static io.tokenbroker.intake.Events.NINE;
import static io.tokenbroker.intake.Events.aCreated;
import static io.tokenbroker.intake.Events.aReconcile;
import static io.tokenbroker.intake.Events.anEvent;
import static io.tokenbroker.intake.Events.invalid;
import static io.tokenbroker.intake.Events.read;
import static io.tokenbroker.intake.Events.readFromLog;
import static io.tokenbroker.intake.Events.valid;
import static io.tokenbroker.intake.Events.withData;
import static org.assertj.core.api.Assertions.assertThat;

import io.cloudevents.core.builder.CloudEventBuilder;
import io.tokenbroker.directory.EventRef;
import io.tokenbroker.directory.UserId;
import io.tokenbroker.events.LifecycleEvent;
import io.tokenbroker.events.ReconcileRequested;
import io.tokenbroker.events.ReconcileRequested.AsOf;
import io.tokenbroker.events.ReconcileRequested.Aspect;
import io.tokenbroker.events.ReconcileRequested.Desired;
import io.tokenbroker.events.ReconcileRequested.State;
import io.tokenbroker.events.ReconcileRequested.Version;
import io.tokenbroker.events.SessionsRevoked;
import io.tokenbroker.events.UserCreated;
import io.tokenbroker.events.UserDeleted;
import io.tokenbroker.events.UserResumed;
import io.tokenbroker.events.UserSuspended;
import java.net.URI;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

class IntakeTest {

    private static final String IDENTITY =
            "8:acs:5c2f1f5e-3f0b-4a2e-9a57-0d3b8f6f1c11_0000001f-7b6a-43e9-a1f2-35480a0d2c44";

    @Test
    void aWholeEventIsReadWithAllThatIsKeptOfIt() {
        CloudEventBuilder event = aCreated("{\"scopes\":[\"chat\",\"voip\"],\"expiresInMinutes\":60,\"identityId\":\""
                        + IDENTITY + "\",\"department\":{\"id\":7}}")
                .withExtension("sequence", "0007")
                .withExtension("authid", "admin")
                .withExtension("traceparent", "00-fe17a3b6a84f1d0ee4ceeede309facd9-2a4c6b96b6858289-01")
                .withExtension("color", "blue");

        assertThat(valid(read(event)))
                .isEqualTo(new UserEvent(
                        new UserId("alice"),
                        new UserCreated("alice", Set.of("chat", "voip"), 60, IDENTITY),
                        new EventRef(
                                "e1",
                                "/hr",
                                UserCreated.TYPE,
                                NINE,
                                "admin",
                                "00-fe17a3b6a84f1d0ee4ceeede309facd9-2a4c6b96b6858289-01"),
                        "0007",
                        false));
    }

    static Stream<LifecycleEvent> eventsThatNeedNoData() {
        return Stream.of(
                new UserCreated("alice", null, null, null),
                new UserSuspended("alice"),
                new UserResumed("alice"),
                new SessionsRevoked("alice"),
                new UserDeleted("alice"));
    }

    @ParameterizedTest
    @MethodSource("eventsThatNeedNoData")
    void dataMayBeMissingOrNullOrWithoutKnownFields(LifecycleEvent expected) {
        assertThat(valid(read(anEvent(expected.type()))).event()).isEqualTo(expected);
        assertThat(valid(read(withData(anEvent(expected.type()), "null"))).event())
                .isEqualTo(expected);
        assertThat(valid(read(withData(anEvent(expected.type()), "{\"why\":[1]}")))
                        .event())
                .isEqualTo(expected);
    }

    @Test
    void dataThatNobodyLooksIntoMayBeAnything() {
        CloudEventBuilder event = anEvent(UserDeleted.TYPE).withData("application/xml", new byte[] {'<'});

        assertThat(valid(read(event)).event()).isEqualTo(new UserDeleted("alice"));
    }

    @Test
    void fieldsThatAreNullAreAsGoodAsMissing() {
        CloudEventBuilder event = aCreated("{\"scopes\":null,\"expiresInMinutes\":null,\"identityId\":null}");

        assertThat(valid(read(event)).event()).isEqualTo(new UserCreated("alice", null, null, null));
    }

    @Test
    void theUserIsTheSubjectElseInTheDataElseTheKey() {
        String data = "{\"userId\":\"bob\"}";

        assertThat(valid(readFromLog(aCreated(data))).userId().value()).isEqualTo("alice");
        assertThat(valid(readFromLog(aCreated(data).withSubject(null))).userId().value())
                .isEqualTo("bob");
        assertThat(valid(readFromLog(aCreated().withSubject(null))).userId().value())
                .isEqualTo("key");
        assertThat(invalid(read(aCreated().withSubject(null))).errors())
                .singleElement()
                .satisfies(error -> {
                    assertThat(error.field()).isEqualTo("subject");
                    assertThat(error.value()).isNull();
                    assertThat(error.allowed()).contains("data.userId");
                });
    }

    @Test
    void anInvalidUserIdIsNoReasonToLookElsewhere() {
        assertThat(invalid(readFromLog(aCreated().withSubject("a\u200Db"))).errors())
                .containsExactly(new FieldError("subject", "a\u200Db", UserId.ALLOWED));
        assertThat(invalid(readFromLog(aCreated("{\"userId\":7}").withSubject(null)))
                        .errors())
                .extracting(FieldError::field)
                .containsExactly("/data/userId");
    }

    @Test
    void typesOfOthersAreForeignAndOurOwnUnknownOnesInvalid() {
        assertThat(read(anEvent("com.example.user.joined"))).isEqualTo(new Reading.Foreign("com.example.user.joined"));

        Reading.Invalid unknown = invalid(read(anEvent("tokenbroker.user.created.v2")));
        assertThat(unknown.userId()).isEqualTo(new UserId("alice"));
        assertThat(unknown.eventId()).isEqualTo("e1");
        assertThat(unknown.reason())
                .startsWith("type is 'tokenbroker.user.created.v2'; allowed: one of [tokenbroker.user.created.v1,");

        invalid(read(anEvent("tokenbroker.token.issued.v1")));
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "[]|/data|",
                "\"x\"|/data|",
                "{\"scopes\":|/data|",
                "{\"scopes\":[]}|/data/scopes|a list",
                "{\"scopes\":\"chat\"}|/data/scopes|chat",
                "{\"scopes\":[\"chat\",\"sms\"]}|/data/scopes/1|sms",
                "{\"scopes\":[\"chat\",7]}|/data/scopes/1|7",
                "{\"scopes\":[[\"chat\"]]}|/data/scopes/0|a list",
                "{\"expiresInMinutes\":59}|/data/expiresInMinutes|59",
                "{\"expiresInMinutes\":1441}|/data/expiresInMinutes|1441",
                "{\"expiresInMinutes\":60.5}|/data/expiresInMinutes|60.5",
                "{\"expiresInMinutes\":99999999999999999999}|/data/expiresInMinutes|99999999999999999999",
                "{\"expiresInMinutes\":\"60\"}|/data/expiresInMinutes|60",
                "{\"identityId\":\"8:acs:1_2\"}|/data/identityId|8:acs:1_2",
                "{\"identityId\":{}}|/data/identityId|an object"
            })
    void wrongDataIsRefusedWithItsPlace(String data, String field, String value) {
        Reading.Invalid refused = invalid(read(aCreated(data)));

        assertThat(refused.userId()).isEqualTo(new UserId("alice"));
        assertThat(refused.errors()).singleElement().satisfies(error -> {
            assertThat(error.field()).isEqualTo(field);
            assertThat(error.value()).isEqualTo(value);
            assertThat(error.allowed()).isNotBlank();
        });
    }

    @Test
    void dataThatIsNoJsonIsRefusedWhereItMatters() {
        CloudEventBuilder event = aCreated().withData("application/xml", new byte[] {'<'});

        assertThat(invalid(read(event)).errors())
                .containsExactly(new FieldError("datacontenttype", "application/xml", "application/json"));
    }

    @Test
    void everythingThatIsWrongIsNamedAtOnce() {
        CloudEventBuilder event = aCreated("{\"scopes\":[],\"expiresInMinutes\":1}")
                .withSubject("")
                .withId("a\u0000")
                .withTime(NINE.plusSeconds(301).atOffset(ZoneOffset.UTC))
                .withExtension("sequence", "");

        assertThat(invalid(read(event)).errors())
                .extracting(FieldError::field)
                .containsExactlyInAnyOrder(
                        "subject", "id", "time", "sequence", "/data/scopes", "/data/expiresInMinutes");
    }

    @Test
    void anEventWithoutTimeHasThatOfItsRecord() {
        assertThat(valid(read(aCreated().withTime(null))).ref().time()).isEqualTo(NINE);
    }

    @Test
    void aTimeMayBeFiveMinutesAheadOfTheRecordAndNoMore() {
        Instant most = NINE.plusSeconds(300);

        valid(read(aCreated().withTime(most.atOffset(ZoneOffset.UTC))));
        assertThat(invalid(read(aCreated().withTime(most.plusMillis(1).atOffset(ZoneOffset.ofHours(2)))))
                        .errors())
                .extracting(FieldError::field)
                .containsExactly("time");
    }

    @Test
    void whatIsRememberedOfAnEventIsBounded() {
        CloudEventBuilder event = aCreated()
                .withId("x".repeat(1025))
                .withSource(URI.create("/" + "x".repeat(1024)))
                .withExtension("authid", "x".repeat(257))
                .withExtension("sequence", "x".repeat(257))
                .withExtension("traceparent", "x".repeat(257));

        assertThat(invalid(read(event)).errors())
                .extracting(FieldError::field)
                .containsExactlyInAnyOrder("id", "source", "authid", "sequence");
    }

    @Test
    void aTextThatCannotBeWrittenAsUtf8IsRefused() {
        Reading.Invalid refused = invalid(read(aCreated().withId("a\uD800")));

        assertThat(refused.errors()).extracting(FieldError::field).containsExactly("id");
        assertThat(refused.eventId()).isEqualTo("a\uFFFD");
    }

    @Test
    void anEventOfTheBrokersOwnHttpSourceIsWrittenForACaller() {
        assertThat(valid(read(aCreated().withSource(URI.create(Intake.HTTP_SOURCE))))
                        .writtenForCaller())
                .isTrue();
    }

    @Test
    void anEventOfAnotherSpecVersionIsRefused() {
        CloudEventBuilder old = CloudEventBuilder.v03()
                .withId("e1")
                .withSource(URI.create("/hr"))
                .withType(UserDeleted.TYPE)
                .withSubject("alice");

        assertThat(invalid(read(old)).errors()).containsExactly(new FieldError("specversion", "0.3", "1.0"));
    }

    @Test
    void aReconcileIsReadFromTheLogAndRefusedFromAnyOther() {
        CloudEventBuilder event = aReconcile("{\"job\":\"j\",\"desired\":{\"state\":\"active\",\"scopes\":[\"chat\"],"
                + "\"expiresInMinutes\":120,\"versions\":[{\"aspect\":\"existence\",\"source\":\"/hr\","
                + "\"sequence\":\"7\",\"time\":\"2026-11-20T09:00:00Z\"}]},"
                + "\"asOf\":{\"topicId\":\"t\",\"partition\":3,\"offset\":184467440737},\"withToken\":true}");

        assertThat(valid(readFromLog(event)).event())
                .isEqualTo(new ReconcileRequested(
                        "alice",
                        "j",
                        new Desired(
                                State.ACTIVE,
                                Set.of("chat"),
                                120,
                                null,
                                List.of(new Version(Aspect.EXISTENCE, "/hr", "7", NINE))),
                        new AsOf("t", 3, 184467440737L),
                        true,
                        null));
        assertThat(invalid(read(event)).errors())
                .singleElement()
                .satisfies(error -> assertThat(error.field()).isEqualTo("type"));
    }

    @Test
    void aReconcileWithoutItsFieldsIsRefusedWithEachOfThem() {
        assertThat(invalid(readFromLog(anEvent(ReconcileRequested.TYPE))).errors())
                .extracting(FieldError::field)
                .containsExactly("/data");
        assertThat(invalid(readFromLog(aReconcile(
                                "{\"desired\":{\"state\":\"asleep\",\"versions\":[{\"time\":\"9\"}]},\"asOf\":7}")))
                        .errors())
                .extracting(FieldError::field)
                .containsExactlyInAnyOrder(
                        "/data/job",
                        "/data/desired/state",
                        "/data/desired/versions/0/aspect",
                        "/data/desired/versions/0/source",
                        "/data/desired/versions/0/time",
                        "/data/asOf",
                        "/data/withToken");
    }

    @ParameterizedTest
    @ValueSource(strings = {"application/json; charset=utf-8", "application/cloudevents+json", "text/json"})
    void dataIsJsonUnderEachOfItsMediaTypes(String contentType) {
        CloudEventBuilder event = aCreated().withData(contentType, new byte[] {'{', '}'});

        assertThat(valid(read(event)).event()).isEqualTo(new UserCreated("alice", null, null, null));
    }

    @Test
    void aliasesAreReadAsWhatTheyStandFor() {
        Intake intake = new Intake(List.of(new Alias("joiner", UserCreated.TYPE, null)));

        UserEvent read = valid(intake.read(
                withData(anEvent("joiner"), "{\"scopes\":[\"voip\"]}").build(), EventOrigin.from(NINE)));

        assertThat(read.event()).isEqualTo(new UserCreated("alice", Set.of("voip"), null, null));
        assertThat(read.ref().type()).isEqualTo("joiner");
    }
}
