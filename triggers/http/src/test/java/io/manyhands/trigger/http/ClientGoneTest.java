/*
 * Copyright 2026 The Manyhands Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.manyhands.trigger.http;

import static io.manyhands.trigger.http.HttpFixture.function;
import static org.assertj.core.api.Assertions.assertThat;

import io.manyhands.api.app.JobHostState;
import io.manyhands.api.invocation.Payload;
import java.io.IOException;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** A client that goes away is noticed, its call is taken back and counted, and is no error. */
class ClientGoneTest {
  private static final String HELLO = "GET /apps/shop/api/hello HTTP/1.1";

  private final HttpFixture http = new HttpFixture(Map.of("idleTimeout", "300ms"));

  @AfterEach
  void close() throws IOException {
    http.close();
  }

  @ParameterizedTest
  @ValueSource(strings = {"close", "reset", "shutdown"})
  void callOfAClientThatGoesAwayIsCancelled(String how) throws IOException {
    HttpFixture.App app = http.shop();
    RawClient client = http.connect().head(HELLO, "Host: x");
    HttpFixture.await("the call runs", () -> app.sink.open().size() == 1);

    switch (how) {
      case "close" -> client.close();
      case "reset" -> client.reset();
      default -> client.shutdownOutput();
    }

    HttpFixture.await("cancelled", () -> app.sink.submissions().get(0).isCancelled());
    HttpFixture.await("counted", () -> http.context.measured("clientsGone") == 1);
    app.sink.answering(Payload.text("hi"));
    assertThat(http.get("/apps/shop/api/hello").text()).isEqualTo("hi");
  }

  @Test
  void callWithABodyIsCancelledToo() throws IOException {
    HttpFixture.App app = http.shop();
    RawClient client =
        http.connect()
            .head("POST /apps/shop/api/hello HTTP/1.1", "Host: x", "Content-Length: 4")
            .send("body");
    HttpFixture.await("the call runs", () -> app.sink.open().size() == 1);

    client.close();

    HttpFixture.await("cancelled", () -> app.sink.submissions().get(0).isCancelled());
    HttpFixture.await("memory", () -> http.context.measured("bufferedBytes") == 0);
  }

  @Test
  void clientThatGoesAwayInsideItsBodyReachesNoFunction() throws IOException {
    HttpFixture.App app = http.shop();
    RawClient client =
        http.connect()
            .head("POST /apps/shop/api/hello HTTP/1.1", "Host: x", "Content-Length: 100")
            .send("part");
    HttpFixture.await("being read", () -> http.context.measured("bufferedBytes") > 0);

    client.close();

    HttpFixture.await("counted", () -> http.context.measured("clientsGone") == 1);
    assertThat(app.sink.submissions()).isEmpty();
    assertThat(http.context.measured("bufferedBytes")).isZero();
  }

  @Test
  void clientThatGoesAwayWhileItsApplicationStartsIsForgotten() throws IOException {
    HttpFixture.App app = http.app("shop");
    app.listener.onState(JobHostState.INDEXING);
    RawClient client = http.connect().head(HELLO, "Host: x");
    HttpFixture.await("waiting", () -> http.context.measured("pending") == 1);

    client.close();

    HttpFixture.await("forgotten", () -> http.context.measured("pending") == 0);
    HttpFixture.await("counted", () -> http.context.measured("clientsGone") == 1);
    app.run(function("hello"));
    assertThat(app.sink.submissions()).isEmpty();
  }

  @Test
  void clientThatGoesAwayBeforeItsTurnNeverRuns() throws IOException {
    HttpFixture.App app =
        http.app("shop", definition -> definition.hostJson("maxConcurrentRequests", 1))
            .run(function("hello"));
    RawClient first = http.connect().head(HELLO, "Host: x");
    HttpFixture.await("the first runs", () -> app.sink.open().size() == 1);
    RawClient second = http.connect().head(HELLO, "Host: x");
    HttpFixture.await("the second waits", () -> http.context.measured("requests") == 2);

    second.close();
    HttpFixture.await("counted", () -> http.context.measured("clientsGone") == 1);
    app.sink.open().get(0).succeed(Payload.text("one"));

    assertThat(first.answer().text()).isEqualTo("one");
    assertThat(app.sink.submissions()).hasSize(1);
  }

  @Test
  void callThatTakesLongerThanTheConnectionMayIdleIsAnswered() throws IOException {
    HttpFixture.App app = http.shop();
    RawClient patient = http.connect().head(HELLO, "Host: x");
    RawClient other = http.connect().head(HELLO, "Host: x");
    HttpFixture.await("both run", () -> app.sink.open().size() == 2);
    // Three connections that idle for as long, one after the other.
    for (int times = 0; times < 3; times++) {
      assertThat(http.connect().isClosed()).isTrue();
    }

    app.sink.open().forEach(call -> call.succeed(Payload.text("late")));

    assertThat(patient.answer().text()).isEqualTo("late");
    assertThat(other.answer().text()).isEqualTo("late");
    assertThat(http.context.measured("clientsGone")).isZero();
  }

  @Test
  void requestThatIsSentAheadIsKeptAndServedNext() throws IOException {
    HttpFixture.App app = http.shop();
    RawClient client = http.connect().head(HELLO, "Host: x");
    HttpFixture.await("the first runs", () -> app.sink.open().size() == 1);
    RawClient watched = http.connect().head(HELLO, "Host: x");
    HttpFixture.await("the other runs", () -> app.sink.open().size() == 2);
    // Once this one is noticed to be gone, the first has been watched for as long.
    watched.close();
    HttpFixture.await("watched", () -> http.context.measured("clientsGone") == 1);

    client.head(HELLO, "Host: x", "Padding: " + "x".repeat(2000));
    client.head(HELLO, "Host: x");
    app.sink.open().get(0).succeed(Payload.text("one"));
    assertThat(client.answer().text()).isEqualTo("one");
    HttpFixture.await("the next runs", () -> app.sink.open().size() == 1);
    app.sink.open().get(0).succeed(Payload.text("two"));
    assertThat(client.answer().text()).isEqualTo("two");
    HttpFixture.await("the last runs", () -> app.sink.open().size() == 1);
    app.sink.open().get(0).succeed(Payload.text("three"));
    assertThat(client.answer().text()).isEqualTo("three");
  }

  @Test
  void connectionThatWasWatchedServesOnAndOn() throws IOException {
    HttpFixture.App app = http.shop();
    RawClient client = http.connect();
    for (int times = 1; times <= 3; times++) {
      client.head(HELLO, "Host: x");
      HttpFixture.await("the call runs", () -> app.sink.open().size() == 1);
      RawClient measure = http.connect().head(HELLO, "Host: x");
      HttpFixture.await("the other runs", () -> app.sink.open().size() == 2);
      measure.close();
      long gone = times;
      HttpFixture.await("watched", () -> http.context.measured("clientsGone") == gone);
      app.sink.open().get(0).succeed(Payload.text("again"));
      assertThat(client.answer().text()).isEqualTo("again");
    }
  }
}
