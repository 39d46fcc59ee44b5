/*
 * Copyright 2026 The Manyhands Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.manyhands.trigger.http;

import static org.assertj.core.api.Assertions.assertThat;

import io.manyhands.api.invocation.Payload;
import java.io.IOException;
import java.util.Map;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Answers stay in memory as long as their clients do not read them. */
class SlowReadersTest {
  /** More than sockets buffer. */
  private static final int ANSWER = 40 << 20;

  private final HttpFixture http =
      new HttpFixture(Map.of("maximumBufferedBytes", String.valueOf(ANSWER + 100)));

  @AfterEach
  void close() throws IOException {
    http.close();
  }

  @Test
  void answerForWhichSlowReadersLeaveNoRoomIsReplacedUntilTheyHaveRead() throws IOException {
    Payload large = Payload.bytes(new byte[ANSWER]);
    AtomicInteger answered = new AtomicInteger();
    http.shop()
        .sink
        .answering(
            submission -> {
              submission.succeed(large);
              answered.incrementAndGet();
            });
    RawClient slow = http.connect();
    slow.head("GET /apps/shop/api/hello HTTP/1.1", "Host: localhost");
    HttpFixture.await("an answer is on its way", () -> answered.get() == 1);

    RawClient.Answer refused = http.get("/apps/shop/api/hello");
    assertThat(refused.status()).isEqualTo(503);
    assertThat(refused.text())
        .isEqualTo("the function has run, and no memory is free for its answer");
    assertThat(refused.header("x-manyhands-invocation")).isNotEmpty();

    assertThat(slow.answer().body().remaining()).isEqualTo(ANSWER);
    HttpFixture.await("the room is free again", () -> status() == 200);
  }

  private int status() {
    try {
      return http.get("/apps/shop/api/hello").status();
    } catch (IOException e) {
      throw new AssertionError(e);
    }
  }
}
