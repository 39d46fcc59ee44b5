/*
 * Copyright 2026 The Manyhands Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.manyhands.support.packages;

import java.io.IOException;
import java.io.Serial;
import java.net.http.HttpResponse;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.Flow;
import org.jspecify.annotations.Nullable;

/** Writes the body of an answer into a file and ends the exchange when it grows too large. */
final class FileSubscriber implements HttpResponse.BodySubscriber<Long> {
  /** The body is larger than allowed. */
  static final class TooLargeException extends IOException {
    @Serial private static final long serialVersionUID = 1L;

    private final long size;

    TooLargeException(long size) {
      this.size = size;
    }

    long size() {
      return size;
    }
  }

  /** Our side could not write. */
  static final class DiskException extends IOException {
    @Serial private static final long serialVersionUID = 1L;

    DiskException(IOException cause) {
      super(cause.getMessage(), cause);
    }
  }

  private final FileChannel file;
  private final long maxBytes;
  private final CompletableFuture<Long> body = new CompletableFuture<>();
  private Flow.@Nullable Subscription subscription;
  private long written;

  FileSubscriber(FileChannel file, long maxBytes) {
    this.file = file;
    this.maxBytes = maxBytes;
  }

  @Override
  public CompletionStage<Long> getBody() {
    return body;
  }

  @Override
  public void onSubscribe(Flow.Subscription given) {
    subscription = given;
    given.request(1);
  }

  @Override
  public void onNext(List<ByteBuffer> buffers) {
    if (body.isDone()) {
      return;
    }
    for (ByteBuffer buffer : buffers) {
      written += buffer.remaining();
      if (written > maxBytes) {
        fail(new TooLargeException(written));
        return;
      }
      try {
        while (buffer.hasRemaining()) {
          file.write(buffer);
        }
      } catch (IOException full) {
        fail(new DiskException(full));
        return;
      }
    }
    if (subscription != null) {
      subscription.request(1);
    }
  }

  private void fail(IOException failure) {
    if (subscription != null) {
      subscription.cancel();
    }
    body.completeExceptionally(failure);
  }

  @Override
  public void onError(Throwable failure) {
    body.completeExceptionally(failure);
  }

  @Override
  public void onComplete() {
    body.complete(written);
  }
}
