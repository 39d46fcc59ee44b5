/*
 * Copyright 2026 The Manyhands Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.manyhands.trigger.http;

import static io.manyhands.trigger.http.HttpFixture.function;
import static org.assertj.core.api.Assertions.assertThat;

import io.manyhands.api.ErrorCode;
import io.manyhands.api.app.JobHostState;
import io.manyhands.api.invocation.InvocationResult;
import io.manyhands.api.invocation.Payload;
import java.io.IOException;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

/** Each row of the table of answers, over a real socket. */
class HttpAnswersTest {
  private static final Duration AFTER = Duration.ofMillis(6001);

  private final HttpFixture http = new HttpFixture(Map.of("maximumPending", "2"));

  @AfterEach
  void close() throws IOException {
    http.close();
  }

  @ParameterizedTest
  @CsvSource({
    "FUNCTION_FAILED, 500, the function failed",
    "WORKER_LOST, 502, the worker was lost; the function may have run",
    "PROTOCOL_VIOLATION, 502, the worker was lost; the function may have run",
    "DEADLINE_EXCEEDED, 504, the function did not answer in time",
    "PAYLOAD_TOO_LARGE, 413, the request is larger than a worker takes",
    "FUNCTION_NOT_FOUND, 404, no such function",
    "INTERNAL, 500, internal error",
  })
  void failureIsAnsweredByItsStatusAndAShortSentence(ErrorCode code, int status, String text)
      throws IOException {
    http.shop().sink.failing(code);

    RawClient.Answer answer = http.get("/apps/shop/api/hello");

    assertThat(answer.status()).isEqualTo(status);
    assertThat(answer.text()).isEqualTo(text);
    assertThat(answer.header("Content-Type")).isEqualTo("text/plain; charset=utf-8");
    assertThat(answer.header("x-manyhands-invocation")).isEqualTo("invocation-1");
    assertThat(answer.has("Retry-After")).isFalse();
  }

  @ParameterizedTest
  @CsvSource({
    "LIMIT_EXCEEDED, 429",
    "QUEUE_FULL, 503",
    "NO_WORKER, 503",
    "WORKER_START_FAILED, 503",
    "PROVISIONING_FAILED, 503",
    "RESOURCE_UNAVAILABLE, 503",
    "RUNTIME_CLOSED, 503",
    "APP_FAILED, 503",
    "APP_STOPPED, 503",
  })
  void whatMayGoBetterLaterIsAnsweredWithRetryAfter(ErrorCode code, int status) throws IOException {
    http.shop().sink.failing(code);

    RawClient.Answer answer = http.get("/apps/shop/api/hello");

    assertThat(answer.status()).isEqualTo(status);
    assertThat(answer.header("Retry-After")).isEqualTo("1");
  }

  @ParameterizedTest
  @EnumSource(ErrorCode.class)
  void noAnswerShowsWhatTheRuntimeKnows(ErrorCode code) throws IOException {
    http.shop().sink.failing(code);
    if (code == ErrorCode.CANCELLED) {
      // Nobody waits for it: the connection ends.
      RawClient client = http.connect().head("GET /apps/shop/api/hello HTTP/1.1", "Host: x");
      assertThat(client.isClosed()).isTrue();
      return;
    }

    RawClient.Answer answer = http.get("/apps/shop/api/hello");

    assertThat(answer.status()).isBetween(400, 599);
    assertThat(answer.text())
        .doesNotContain("planted")
        .doesNotContain("details")
        .hasSizeLessThan(80);
  }

  @Test
  void callerIsToldWhenItsRateLetsItIn() throws IOException {
    http.shop()
        .sink
        .answering(
            submission ->
                submission.fail(
                    new InvocationResult.Failure(
                        ErrorCode.LIMIT_EXCEEDED, "limit", "", Optional.of(AFTER))));

    RawClient.Answer answer = http.get("/apps/shop/api/hello");

    assertThat(answer.status()).isEqualTo(429);
    assertThat(answer.header("Retry-After")).isEqualTo("7");
  }

  @Test
  void unknownApplicationRouteAndMethodAreToldApart() throws IOException {
    http.app("shop")
        .run(function("orders", "orders/{id}", "get", "post"), function("list", "list", "put"));

    assertThat(http.get("/apps/nobody/api/orders/1").text()).isEqualTo("no such application");
    assertThat(http.get("/apps/nobody/api/orders/1").status()).isEqualTo(404);
    assertThat(http.get("/").status()).isEqualTo(404);
    assertThat(http.get("/apps/shop/api/nothing").text()).isEqualTo("no such route");
    assertThat(http.get("/apps/shop/api/nothing").status()).isEqualTo(404);
    RawClient.Answer wrongMethod = http.request("DELETE", "/apps/shop/api/orders/1");
    assertThat(wrongMethod.status()).isEqualTo(405);
    assertThat(wrongMethod.header("Allow")).isEqualTo("GET, POST");
    assertThat(http.request("OPTIONS", "/apps/shop/api/list").header("Allow")).isEqualTo("PUT");
    assertThat(http.request("HEAD", "/apps/shop/api/list").status()).isEqualTo(405);
  }

  @ParameterizedTest
  @EnumSource(
      value = JobHostState.class,
      names = {"FAILED", "DRAINING"})
  void applicationThatDoesNotRunIsAnsweredWith503(JobHostState state) throws IOException {
    HttpFixture.App app = http.shop();
    app.listener.onState(state);

    RawClient.Answer answer = http.get("/apps/shop/api/hello");

    assertThat(answer.status()).isEqualTo(503);
    assertThat(answer.header("Retry-After")).isEqualTo("1");
    assertThat(app.sink.submissions()).isEmpty();
  }

  @ParameterizedTest
  @EnumSource(
      value = JobHostState.class,
      names = {"STARTING", "INDEXING"})
  void requestWaitsForAnApplicationThatStartsAndIsNever404(JobHostState state) throws IOException {
    HttpFixture.App app = http.app("shop");
    app.listener.onState(state);
    RawClient client = http.connect().head("GET /apps/shop/api/hello HTTP/1.1", "Host: x");
    HttpFixture.await("waiting", () -> http.context.measured("pending") == 1);

    app.sink.answering(Payload.text("hi"));
    app.run(function("hello"));

    assertThat(client.answer().text()).isEqualTo("hi");
  }

  @Test
  void requestThatWaitedForAnApplicationThatFailedIsAnsweredWith503() throws IOException {
    HttpFixture.App app = http.app("shop");
    app.listener.onState(JobHostState.INDEXING);
    RawClient client = http.connect().head("GET /apps/shop/api/hello HTTP/1.1", "Host: x");
    HttpFixture.await("waiting", () -> http.context.measured("pending") == 1);

    app.listener.onState(JobHostState.FAILED);

    assertThat(client.answer().status()).isEqualTo(503);
  }

  @Test
  void onlySoManyWaitForAStart() throws IOException {
    HttpFixture.App app = http.app("shop");
    app.listener.onState(JobHostState.INDEXING);
    http.connect().head("GET /apps/shop/api/hello HTTP/1.1", "Host: x");
    http.connect().head("GET /apps/shop/api/hello HTTP/1.1", "Host: x");
    HttpFixture.await("both waiting", () -> http.context.measured("pending") == 2);

    RawClient.Answer third = http.get("/apps/shop/api/hello");

    assertThat(third.status()).isEqualTo(503);
    assertThat(third.header("Retry-After")).isEqualTo("1");
  }

  @Test
  void patienceForAStartEnds() throws IOException {
    try (HttpFixture impatient = new HttpFixture(Map.of("callerTimeout", "200ms"))) {
      impatient.app("shop").listener.onState(JobHostState.INDEXING);

      assertThat(impatient.get("/apps/shop/api/hello").status()).isEqualTo(503);
      assertThat(impatient.context.measured("pending")).isZero();
    }
  }

  @Test
  void deadlineIsTheFunctionsOwnOrTheCallersPatienceWhicheverIsShorter() throws IOException {
    HttpFixture.App app =
        http.app("shop", definition -> definition.timeout(Duration.ofSeconds(7)))
            .run(function("hello"));
    app.sink.answering(Payload.text("hi"));
    http.get("/apps/shop/api/hello");
    app.change(definition -> definition.timeout(Duration.ofMinutes(10)));
    http.get("/apps/shop/api/hello");

    assertThat(app.sink.submissions())
        .extracting(submission -> submission.invocation().timeout().orElseThrow())
        .containsExactly(Duration.ofSeconds(7), Duration.ofSeconds(230));
    assertThat(app.sink.submissions().get(0).delivery().brokerRetries()).isFalse();
  }

  @Test
  void limitsOfHostJsonRefuseOrLetWait() throws IOException {
    HttpFixture.App app =
        http.app(
                "shop",
                definition ->
                    definition
                        .hostJson("maxConcurrentRequests", 1)
                        .hostJson("maxOutstandingRequests", 2))
            .run(function("hello"));
    RawClient first = http.connect().head("GET /apps/shop/api/hello HTTP/1.1", "Host: x");
    HttpFixture.await("the first runs", () -> app.sink.open().size() == 1);
    RawClient second = http.connect().head("GET /apps/shop/api/hello HTTP/1.1", "Host: x");
    HttpFixture.await("the second has come", () -> http.context.measured("requests") == 2);

    RawClient.Answer third = http.get("/apps/shop/api/hello");

    assertThat(third.status()).isEqualTo(429);
    assertThat(third.header("Retry-After")).isEqualTo("1");
    assertThat(app.sink.submissions()).hasSize(1);
    app.sink.open().get(0).succeed(Payload.text("one"));
    assertThat(first.answer().text()).isEqualTo("one");
    HttpFixture.await("the second runs", () -> app.sink.open().size() == 1);
    app.sink.open().get(0).succeed(Payload.text("two"));
    assertThat(second.answer().text()).isEqualTo("two");
    app.sink.answering(Payload.text("three"));
    assertThat(http.get("/apps/shop/api/hello").text()).isEqualTo("three");
  }
}
