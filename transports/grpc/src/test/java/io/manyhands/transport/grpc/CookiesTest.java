/*
 * Copyright 2026 The Manyhands Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.manyhands.transport.grpc;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.protobuf.Timestamp;
import io.manyhands.api.invocation.Payload;
import io.manyhands.transport.grpc.protocol.NullableBool;
import io.manyhands.transport.grpc.protocol.NullableDouble;
import io.manyhands.transport.grpc.protocol.NullableString;
import io.manyhands.transport.grpc.protocol.NullableTimestamp;
import io.manyhands.transport.grpc.protocol.RpcHttp;
import io.manyhands.transport.grpc.protocol.RpcHttpCookie;
import io.manyhands.transport.grpc.protocol.TypedData;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Cookies of a worker's answer. */
class CookiesTest {
  @Test
  void everyFieldBecomesAnAttribute() {
    RpcHttpCookie cookie =
        RpcHttpCookie.newBuilder()
            .setName("session")
            .setValue("abc")
            .setDomain(NullableString.newBuilder().setValue("example.com"))
            .setPath(NullableString.newBuilder().setValue("/shop"))
            .setExpires(expires(1_767_225_600))
            .setMaxAge(NullableDouble.newBuilder().setValue(60.0))
            .setSecure(NullableBool.newBuilder().setValue(true))
            .setHttpOnly(NullableBool.newBuilder().setValue(true))
            .setSameSite(RpcHttpCookie.SameSite.Strict)
            .build();

    assertThat(decode(cookie))
        .isEqualTo(
            new Payload.Cookie(
                "session",
                "abc",
                List.of(
                    "Domain=example.com",
                    "Path=/shop",
                    "Expires=Thu, 01 Jan 2026 00:00:00 GMT",
                    "Max-Age=60",
                    "Secure",
                    "HttpOnly",
                    "SameSite=Strict")));
  }

  @Test
  void whatIsAbsentOrFalseBecomesNone() {
    RpcHttpCookie cookie =
        RpcHttpCookie.newBuilder()
            .setName("a")
            .setSecure(NullableBool.newBuilder().setValue(false))
            .setHttpOnly(NullableBool.getDefaultInstance())
            .setDomain(NullableString.getDefaultInstance())
            .setPath(NullableString.getDefaultInstance())
            .setExpires(NullableTimestamp.getDefaultInstance())
            .setMaxAge(NullableDouble.getDefaultInstance())
            .build();

    assertThat(decode(cookie)).isEqualTo(new Payload.Cookie("a", "", List.of()));
  }

  @ParameterizedTest
  @CsvSource({"Lax, SameSite=Lax", "ExplicitNone, SameSite=None"})
  void sameSiteIsNamedAsBrowsersKnowIt(RpcHttpCookie.SameSite site, String attribute) {
    assertThat(decode(RpcHttpCookie.newBuilder().setSameSite(site).build()).attributes())
        .containsExactly(attribute);
  }

  @ParameterizedTest
  @ValueSource(longs = {Long.MAX_VALUE, Long.MIN_VALUE, 253_402_300_800L, -62_135_596_801L})
  void expiryThatIsNoDateOfTheFormatIsLeftOut(long seconds) {
    assertThat(decode(RpcHttpCookie.newBuilder().setExpires(expires(seconds)).build()).attributes())
        .isEmpty();
  }

  private static NullableTimestamp.Builder expires(long seconds) {
    return NullableTimestamp.newBuilder().setValue(Timestamp.newBuilder().setSeconds(seconds));
  }

  private static Payload.Cookie decode(RpcHttpCookie cookie) {
    TypedData data =
        TypedData.newBuilder().setHttp(RpcHttp.newBuilder().addCookies(cookie)).build();
    return ((Payload.HttpResponse) PayloadCodec.decode(data)).cookies().get(0);
  }
}
