/*
 * Copyright 2026 The Manyhands Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.manyhands.trigger.http;

import io.manyhands.spi.time.Scheduler;
import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Consumer;
import java.util.function.IntConsumer;
import org.eclipse.jetty.io.Content;
import org.eclipse.jetty.server.Request;
import org.eclipse.jetty.util.BufferUtil;
import org.jspecify.annotations.Nullable;

/** Reads a whole body without blocking, within a bound of bytes and of time. */
final class BodyReader {
  static final int CLIENT_GONE = 0;

  private final Request request;
  private final long maximum;
  private final Duration limit;
  private final Scheduler scheduler;
  private final AtomicBoolean done = new AtomicBoolean();
  private final ByteArrayOutputStream collected = new ByteArrayOutputStream(0);
  private Scheduler.@Nullable Cancellable timeout;

  BodyReader(Request request, long maximum, Duration limit, Scheduler scheduler) {
    this.request = request;
    this.maximum = maximum;
    this.limit = limit;
    this.scheduler = scheduler;
  }

  /**
   * Calls one of the two, once.
   *
   * @param failure 413, 408, or {@link #CLIENT_GONE}
   */
  void read(Consumer<ByteBuffer> whole, IntConsumer failure) {
    if (request.getLength() == 0) {
      whole.accept(BufferUtil.EMPTY_BUFFER);
      return;
    }
    if (request.getLength() > maximum) {
      failure.accept(413);
      return;
    }
    more(whole, failure);
  }

  private void more(Consumer<ByteBuffer> whole, IntConsumer failure) {
    while (!done.get()) {
      Content.Chunk chunk = request.read();
      if (chunk == null) {
        patience(failure);
        request.demand(() -> more(whole, failure));
        return;
      }
      if (Content.Chunk.isFailure(chunk)) {
        end(() -> failure.accept(CLIENT_GONE));
        return;
      }
      append(chunk.getByteBuffer());
      boolean last = chunk.isLast();
      chunk.release();
      if (collected.size() > maximum) {
        end(() -> failure.accept(413));
        return;
      }
      if (last) {
        end(() -> whole.accept(ByteBuffer.wrap(collected.toByteArray())));
        return;
      }
    }
  }

  private void append(ByteBuffer buffer) {
    byte[] bytes = new byte[buffer.remaining()];
    buffer.get(bytes);
    collected.write(bytes, 0, bytes.length);
  }

  private void patience(IntConsumer failure) {
    if (timeout == null) {
      timeout =
          scheduler.schedule(
              () -> {
                if (done.compareAndSet(false, true)) {
                  failure.accept(408);
                }
              },
              limit);
    }
  }

  private void end(Runnable outcome) {
    if (done.compareAndSet(false, true)) {
      Scheduler.Cancellable armed = timeout;
      if (armed != null) {
        armed.cancel();
      }
      outcome.run();
    }
  }
}
