/*
 * Copyright 2026 The Manyhands Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.manyhands.trigger.http;

import static io.manyhands.trigger.http.HttpFixture.function;
import static org.assertj.core.api.Assertions.assertThat;

import io.manyhands.api.invocation.Payload;
import java.io.EOFException;
import java.io.IOException;
import java.net.SocketException;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;

/**
 * Requests broken in every way, over real sockets: each is answered or its connection closed, never
 * by 500, and nothing is left behind. From seeds; a failure names its own.
 */
class HttpFuzzTest {
  private static final int ROUNDS = 1_500;
  private static final List<String> GOOD =
      List.of(
          lines(
              "GET /apps/shop/api/hello?code=1&x=%C3%A9 HTTP/1.1",
              "Host: x", "Cookie: a=b", "", ""),
          lines("GET http://x/apps/shop/api/files/a/b HTTP/1.1", "Host: x", "", ""),
          lines("POST /apps/shop/api/hello HTTP/1.1", "Host: x", "Content-Length: 4", "", "body"),
          lines(
              "POST /apps/shop/api/hello HTTP/1.1",
              "Host: x",
              "Transfer-Encoding: chunked",
              "",
              "4",
              "body",
              "0",
              "X-Trailer: y",
              "",
              ""),
          lines(
              "PUT /apps/shop/api/files/%41 HTTP/1.1",
              "Host: x", "Expect: 100-continue", "Content-Length: 1", "", "x"),
          lines("HEAD /apps/shop/api/hello HTTP/1.0", "Connection: keep-alive", "", ""),
          lines("OPTIONS * HTTP/1.1", "Host: x", "", ""));
  private static final String[] PIECES = {
    "\r\n",
    "\n",
    "\r",
    " ",
    "\t",
    ":",
    "\u0000",
    "\u00ff",
    "%",
    "%00",
    "%2f",
    "..",
    "/",
    "//",
    ";",
    "Content-Length: 1\r\n",
    "Transfer-Encoding: chunked\r\n",
    "Host: y\r\n",
    "0\r\n\r\n",
    "HTTP/1.1",
    "GET / HTTP/1.1\r\n\r\n",
    "ffffffff\r\n",
    "Connection: close\r\n",
    "Upgrade: h2c\r\n",
    "x-functions-key: a\r\n",
    "traceparent: 00-\r\n"
  };

  @Test
  void brokenRequestsAreRefusedAndLeaveNothingBehind() throws IOException {
    try (HttpFixture http =
        new HttpFixture(
            Map.of("maximumBodyBytes", "64", "headTimeout", "2s", "bodyTimeout", "2s"))) {
      HttpFixture.App app =
          http.app("shop").run(function("hello"), function("file", "files/{*rest}"));
      app.sink.answering(Payload.text("done"));
      Map<Integer, Integer> statuses = new TreeMap<>();
      for (int seed = 0; seed < ROUNDS; seed++) {
        statuses.merge(outcome(http, seed), 1, Integer::sum);
      }

      assertThat(statuses.keySet())
          .as("statuses: %s (0: closed without one)", statuses)
          .isSubsetOf(0, 100, 200, 400, 404, 405, 408, 411, 413, 414, 417, 426, 431, 501, 505);
      assertThat(statuses.get(200)).as("good ones get through").isGreaterThan(ROUNDS / 20);
      assertThat(statuses.get(400)).as("bad ones do not").isGreaterThan(ROUNDS / 20);
      assertThat(http.get("/apps/shop/api/hello").text()).isEqualTo("done");
      assertThat(http.context.measured("bufferedBytes")).isZero();
      assertThat(app.sink.open()).isEmpty();
      app.listener.stop().toCompletableFuture().join();
    }
  }

  private static String lines(String... lines) {
    return String.join("\r\n", lines);
  }

  /** The first status, or 0 where the connection closes without any. */
  private static int outcome(HttpFixture http, int seed) throws IOException {
    Random random = new Random(seed);
    byte[] bytes = broken(random);
    try (RawClient client = new RawClient(http.port)) {
      int cut = random.nextInt(bytes.length + 1);
      client.send(Arrays.copyOfRange(bytes, 0, cut));
      client.send(Arrays.copyOfRange(bytes, cut, bytes.length));
      client.shutdownOutput();
      return client.answer().status();
    } catch (EOFException | SocketException e) {
      return 0;
    } catch (IOException | RuntimeException | AssertionError e) {
      throw new AssertionError(
          "seed " + seed + ": " + new String(bytes, StandardCharsets.ISO_8859_1), e);
    }
  }

  private static byte[] broken(Random random) {
    StringBuilder text = new StringBuilder(GOOD.get(random.nextInt(GOOD.size())));
    for (int change = random.nextInt(4); change > 0; change--) {
      int at = random.nextInt(text.length());
      switch (random.nextInt(5)) {
        case 0 -> text.insert(at, PIECES[random.nextInt(PIECES.length)]);
        case 1 -> text.delete(at, Math.min(text.length(), at + 1 + random.nextInt(8)));
        case 2 -> text.setCharAt(at, (char) random.nextInt(256));
        case 3 -> text.insert(at, text.substring(at, Math.min(text.length(), at + 30)));
        default -> text.append(GOOD.get(random.nextInt(GOOD.size())));
      }
      if (text.isEmpty()) {
        text.append('x');
      }
    }
    return text.toString().getBytes(StandardCharsets.ISO_8859_1);
  }
}
