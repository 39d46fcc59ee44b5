/*
 * Copyright 2026 The Manyhands Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.manyhands.trigger.http;

import io.manyhands.spi.time.Scheduler;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.Arrays;
import org.eclipse.jetty.http.HttpException;
import org.eclipse.jetty.io.Content;
import org.eclipse.jetty.io.EofException;
import org.eclipse.jetty.server.Request;
import org.eclipse.jetty.util.BufferUtil;
import org.jspecify.annotations.Nullable;

/** Reads a whole body without blocking, within bounds of bytes and of time. Thread-safe. */
final class BodyReader {
  private static final byte[] NOTHING = new byte[0];
  private static final int FIRST = 16 << 10;
  private static final int MORE = 0;
  private static final int OVER = -1;

  private final Request request;
  private final long maximum;
  private final BodyBudget budget;
  private final Duration limit;
  private final Scheduler scheduler;
  private byte[] collected = NOTHING;
  private int size;
  private boolean over;
  private Scheduler.@Nullable Cancellable timeout;

  /** What became of it; one of these is called, once. */
  interface Outcome {
    /** All of it; {@link #giveBack} is to follow. */
    void onBody(ByteBuffer body);

    /**
     * It will not come.
     *
     * @param status 400 malformed, 408 too slow, 413 too large, 503 no room
     */
    void onRefused(int status);

    /** The client went away. */
    void onGone();
  }

  BodyReader(Request request, HttpOptions options, BodyBudget budget, Scheduler scheduler) {
    this.request = request;
    this.maximum = options.maximumBodyBytes();
    this.limit = options.timeouts().body();
    this.budget = budget;
    this.scheduler = scheduler;
  }

  void read(Outcome outcome) {
    if (request.getLength() == 0) {
      outcome.onBody(BufferUtil.EMPTY_BUFFER);
    } else if (request.getLength() > maximum) {
      outcome.onRefused(413);
    } else {
      more(outcome);
    }
  }

  /** Returns to the budget what the body holds. */
  synchronized void giveBack() {
    budget.giveBack(collected.length);
    collected = NOTHING;
  }

  private void more(Outcome outcome) {
    while (true) {
      Content.Chunk chunk = request.read();
      if (chunk == null) {
        startPatience(outcome);
        request.demand(() -> more(outcome));
        return;
      }
      if (Content.Chunk.isFailure(chunk)) {
        failed(chunk.getFailure(), outcome);
        return;
      }
      int status = append(chunk.getByteBuffer());
      boolean last = chunk.isLast();
      chunk.release();
      if (status == OVER) {
        return;
      }
      if (status != MORE) {
        refuse(status, outcome);
        return;
      }
      if (last) {
        if (end()) {
          outcome.onBody(ByteBuffer.wrap(collected, 0, size));
        }
        return;
      }
    }
  }

  private void failed(Throwable failure, Outcome outcome) {
    if (failure instanceof HttpException malformed && !isEarlyEnd(malformed)) {
      refuse(malformed.getCode(), outcome);
    } else if (end()) {
      outcome.onGone();
    }
  }

  private static boolean isEarlyEnd(HttpException failure) {
    return failure instanceof EofException || "Early EOF".equals(failure.getReason());
  }

  /** MORE, OVER, or the status to refuse it with. */
  private synchronized int append(ByteBuffer buffer) {
    if (over) {
      return OVER;
    }
    int wanted = size + buffer.remaining();
    if (wanted > maximum) {
      return 413;
    }
    if (wanted > collected.length) {
      // What a client says will come is not worth memory before it has come.
      long announced = request.getLength() < 0 ? maximum : request.getLength();
      long grown = Math.max(FIRST, collected.length * 2L);
      int next = (int) Math.max(wanted, Math.min(announced, grown));
      if (!budget.take(next - collected.length)) {
        return 503;
      }
      collected = Arrays.copyOf(collected, next);
    }
    int length = buffer.remaining();
    buffer.get(collected, size, length);
    size += length;
    return MORE;
  }

  private void refuse(int status, Outcome outcome) {
    if (end()) {
      outcome.onRefused(status);
    }
  }

  private synchronized void startPatience(Outcome outcome) {
    if (timeout == null && !over) {
      timeout = scheduler.schedule(() -> refuse(408, outcome), limit);
    }
  }

  /** True for the one that ends it. */
  private synchronized boolean end() {
    if (over) {
      return false;
    }
    over = true;
    if (timeout != null) {
      timeout.cancel();
    }
    return true;
  }
}
