/*
 * Copyright 2026 The Manyhands Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.manyhands.trigger.http;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.ReadPendingException;
import java.nio.channels.SelectionKey;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.Executor;
import org.eclipse.jetty.io.ManagedSelector;
import org.eclipse.jetty.io.SocketChannelEndPoint;
import org.eclipse.jetty.util.BufferUtil;
import org.eclipse.jetty.util.Callback;
import org.eclipse.jetty.util.thread.Invocable;
import org.jspecify.annotations.Nullable;

/**
 * A client's connection that can be listened to while nobody reads from it. A server that has read
 * a request reads no further before it has answered, and so does not notice that the client is
 * gone; here one can read ahead in that time, and what comes is kept for whoever reads next. Also
 * knows since when a request's head is on its way. Thread-safe.
 *
 * <p>Its one registration for readability is its own; the reader's callback stands behind it.
 */
final class WatchedEndPoint extends SocketChannelEndPoint {
  private static final int READ_AHEAD = 512;
  private static final byte[] TOO_SLOW =
      ("HTTP/1.1 408 Request Timeout\r\nContent-Type: text/plain; charset=utf-8\r\n"
              + "Content-Length: 15\r\nConnection: close\r\n\r\nRequest Timeout")
          .getBytes(StandardCharsets.US_ASCII);

  /** Whoever is being served on a connection. */
  interface Served {
    /** The client has closed its side, or the connection broke. Called once, on any thread. */
    void onClientGone();
  }

  private final Executor executor;
  private final Readable readable = new Readable();
  private final Object lock = new Object();

  // Guarded by the lock; the reader is also looked at without, for how it wants to be called.
  private boolean registered;
  private volatile @Nullable Callback reader;
  private @Nullable Served served;
  private @Nullable Served seen;
  private @Nullable Served told;
  private boolean watching;
  private boolean closing;
  private ByteBuffer ahead = BufferUtil.EMPTY_BUFFER;
  private long headSince;
  private boolean headOnItsWay;
  private boolean headSeen;
  private long lingersSince;
  private boolean lingers;

  WatchedEndPoint(
      SocketChannel channel,
      ManagedSelector selector,
      SelectionKey key,
      org.eclipse.jetty.util.thread.Scheduler scheduler,
      Executor executor) {
    super(channel, selector, key, scheduler);
    this.executor = executor;
  }

  // ---- told by the server's handler

  /** A request's head is complete; false where it came so slowly that it was refused already. */
  boolean begin(Served request) {
    synchronized (lock) {
      headOnItsWay = false;
      served = request;
      return !closing;
    }
  }

  /** The request is answered. */
  void end(Served request) {
    synchronized (lock) {
      if (served == request) {
        served = null;
        seen = null;
        told = null;
        watching = false;
        headOnItsWay = false;
      }
    }
  }

  /** The connection ends with this answer: what the client still sends is of no interest. */
  void closesAfterAnswer() {
    synchronized (lock) {
      reader = null;
      closing = true;
    }
  }

  // ---- told by the sweep, now and then

  /**
   * Begins to listen for the client's going where a request is being served that was already there
   * at the last look, and ends what goes on for too long.
   *
   * @param headNanos how long a request's head may take
   * @param lingerNanos how long a connection may take to close after its last answer
   */
  void look(long nowNanos, long headNanos, long lingerNanos) {
    boolean tooSlow;
    boolean over;
    synchronized (lock) {
      if (served != null) {
        if (served == seen) {
          watch();
        }
        seen = served;
        return;
      }
      if (headOnItsWay && !headSeen) {
        headSeen = true;
        headSince = nowNanos;
      }
      boolean ends = closing || isOutputShutdown();
      if (!lingers || !ends) {
        lingers = ends;
        lingersSince = nowNanos;
      }
      over = lingers && nowNanos - lingersSince > lingerNanos;
      tooSlow = headOnItsWay && !ends && nowNanos - headSince > headNanos;
      closing |= tooSlow;
    }
    if (tooSlow) {
      refuseHead();
    } else if (over) {
      close();
    }
  }

  private void refuseHead() {
    try {
      write(
          Callback.from(this::shutdownOutput, failure -> close(failure)),
          ByteBuffer.wrap(TOO_SLOW));
    } catch (RuntimeException e) {
      // Somebody writes already: there is an answer.
      close(e);
    }
  }

  /** Under the lock. */
  private void watch() {
    if (watching || ahead.hasRemaining() || reader != null) {
      return;
    }
    watching = true;
    if (!registered) {
      registered = true;
      super.fillInterested(readable);
    }
  }

  // ---- reading

  @Override
  public int fill(ByteBuffer buffer) throws IOException {
    synchronized (lock) {
      int filled;
      if (ahead.hasRemaining()) {
        int position = BufferUtil.flipToFill(buffer);
        filled = BufferUtil.put(ahead, buffer);
        BufferUtil.flipToFlush(buffer, position);
      } else {
        filled = super.fill(buffer);
      }
      if (filled > 0 && served == null && !headOnItsWay) {
        // The next look takes the time: this is called for every request.
        headOnItsWay = true;
        headSeen = false;
      }
      return filled;
    }
  }

  @Override
  public void fillInterested(Callback callback) {
    if (!tryFillInterested(callback)) {
      throw new ReadPendingException();
    }
  }

  @Override
  public boolean tryFillInterested(Callback callback) {
    synchronized (lock) {
      if (reader != null) {
        return false;
      }
      if (!ahead.hasRemaining() && !isInputShutdown()) {
        reader = callback;
        watching = false;
        notIdle();
        if (!registered) {
          registered = true;
          super.fillInterested(readable);
        }
        return true;
      }
    }
    executor.execute(callback::succeeded);
    return true;
  }

  @Override
  public boolean isFillInterested() {
    synchronized (lock) {
      return reader != null;
    }
  }

  /** Reads what has come while a request is served; who is to be told that nothing more will. */
  private @Nullable Served readAhead() {
    ByteBuffer buffer = BufferUtil.allocate(READ_AHEAD);
    int filled;
    try {
      filled = super.fill(buffer);
    } catch (IOException e) {
      filled = -1;
    }
    watching = false;
    if (filled > 0) {
      ahead = buffer;
    } else if (filled == 0) {
      watch();
    } else {
      return goneFor();
    }
    return null;
  }

  /** Whoever is served and has not been told yet; under the lock. */
  private @Nullable Served goneFor() {
    Served gone = served == told ? null : served;
    told = served;
    return gone;
  }

  /** Also where nobody listened yet: a stop of the server closes without reading. */
  @Override
  public void onClose(@Nullable Throwable failure) {
    super.onClose(failure);
    Served gone;
    synchronized (lock) {
      watching = false;
      gone = goneFor();
    }
    if (gone != null) {
      gone.onClientGone();
    }
  }

  private void onReadable(@Nullable Throwable failure) {
    Callback next;
    Served gone = null;
    synchronized (lock) {
      registered = false;
      next = reader;
      reader = null;
      if (next == null && watching) {
        if (failure == null) {
          gone = readAhead();
        } else {
          watching = false;
          gone = goneFor();
        }
      }
    }
    if (next != null) {
      if (failure == null) {
        next.succeeded();
      } else {
        next.failed(failure);
      }
    } else if (gone != null) {
      gone.onClientGone();
    }
  }

  private final class Readable implements Callback {
    @Override
    public void succeeded() {
      onReadable(null);
    }

    @Override
    public void failed(Throwable failure) {
      onReadable(failure);
    }

    @Override
    public InvocationType getInvocationType() {
      Callback next = reader;
      return next == null ? InvocationType.NON_BLOCKING : Invocable.getInvocationType(next);
    }
  }
}
