/*
 * Copyright 2026 The Manyhands Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.manyhands.trigger.http;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.manyhands.api.ErrorCode;
import io.manyhands.api.ManyhandsException;
import io.manyhands.spi.PluginConfig;
import io.manyhands.testkit.FakePluginContext;
import io.manyhands.testkit.VirtualTime;
import java.io.IOException;
import java.net.ConnectException;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The server as a whole: its options, its start, its end. */
class HttpServerTest {
  @ParameterizedTest
  @CsvSource({
    "port, 70000, a whole number from 0 to 65535",
    "host, 0.0.0.0, plaintext=true",
    "port, http, a whole number from 0 to 65535",
    "maximumBodyBytes, 0, a whole number from 1",
    "maximumConnections, -1, a whole number from 1",
    "bodyTimeout, soon, a positive duration",
    "headTimeout, -1s, a positive duration",
    "trustedProxies, proxy.example.com, addresses or networks",
    "trustedProxies, 10.0.0.0/33, addresses or networks",
    "trustedProxies, 10.0.0/8, addresses or networks",
    "trustedProxies, ::1/129, addresses or networks",
  })
  void badOptionIsRefusedNamingKeyValueAndWhatIsExpected(
      String key, String value, String expected) {
    assertThatThrownBy(() -> create(Map.of(key, value)))
        .isInstanceOf(ManyhandsException.class)
        .hasMessageContaining("trigger http: option " + key)
        .hasMessageContaining(value)
        .hasMessageContaining(expected);
  }

  @Test
  void unknownOptionIsRefusedNamingTheKnown() {
    assertThatThrownBy(() -> create(Map.of("prot", "1")))
        .hasMessageContaining("unknown option \"prot\"")
        .hasMessageContaining("port")
        .hasMessageContaining("trustedProxies");
  }

  @Test
  void portInUseIsRefusedNamingIt() throws IOException {
    try (HttpFixture first = new HttpFixture()) {
      assertThatThrownBy(() -> new HttpFixture(Map.of("port", Integer.toString(first.port))))
          .rootCause()
          .isInstanceOf(IOException.class);
      assertThatThrownBy(() -> new HttpFixture(Map.of("port", Integer.toString(first.port))))
          .cause()
          .isInstanceOfSatisfying(
              ManyhandsException.class,
              e -> assertThat(e.code()).isEqualTo(ErrorCode.RESOURCE_UNAVAILABLE))
          .hasMessageContaining("option port " + first.port)
          .hasMessageContaining("expected: ");
      first.shop();
      assertThat(first.get("/apps/nobody/").status()).isEqualTo(404);
    }
  }

  @Test
  void stopClosesThePortThoughCallsStillRun() throws IOException {
    HttpFixture http = new HttpFixture();
    int port = http.port;
    HttpFixture.App app = http.shop();
    RawClient client = http.connect().head("GET /apps/shop/api/hello HTTP/1.1", "Host: x");
    HttpFixture.await("the call runs", () -> app.sink.open().size() == 1);

    http.trigger.stop(HttpFixture.GRACE).toCompletableFuture().join();

    assertThat(client.isClosed()).isTrue();
    HttpFixture.await("taken back", () -> app.sink.submissions().get(0).isCancelled());
    assertThatThrownBy(() -> new RawClient(port)).isInstanceOf(ConnectException.class);
    assertThat(Thread.getAllStackTraces().keySet())
        .extracting(Thread::getName)
        .noneMatch(name -> name.startsWith("manyhands-http"));
    http.close();
  }

  @Test
  void connectionsBeyondTheMaximumWaitUntilOneEnds() throws IOException {
    try (HttpFixture http = new HttpFixture(Map.of("maximumConnections", "2"))) {
      http.shop();
      RawClient first = http.connect();
      RawClient second = http.connect();
      assertThat(answer(first)).isEqualTo(404);
      assertThat(answer(second)).isEqualTo(404);
      RawClient third = http.connect().head("GET / HTTP/1.1", "Host: x");
      assertThat(answer(first)).isEqualTo(404);

      second.close();

      assertThat(third.answer().status()).isEqualTo(404);
    }
  }

  private static int answer(RawClient client) throws IOException {
    return client.head("GET / HTTP/1.1", "Host: x").answer().status();
  }

  private static void create(Map<String, String> options) {
    new HttpTriggerFactory()
        .create(
            new PluginConfig("trigger http", options), FakePluginContext.of(new VirtualTime(1)));
  }
}
