/*
 * Copyright 2026 The Manyhands Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.manyhands.support.launch;

import java.io.IOException;
import java.io.InputStream;
import java.util.Locale;
import java.util.concurrent.CompletableFuture;
import java.util.function.Consumer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Reads one output of a process until its end, on a thread of its own with a small stack. */
final class OutputPump implements Runnable {
  private static final Logger LOG = LoggerFactory.getLogger(OutputPump.class);
  private static final long STACK_BYTES = 128 * 1024;

  private final InputStream in;
  private final OutputLine.Source source;
  private final OutputTail tail;
  private final Consumer<OutputLine> listener;
  private final LineSplitter splitter;
  private final CompletableFuture<Void> end = new CompletableFuture<>();
  private boolean listenerFailed;

  OutputPump(
      InputStream in,
      OutputLine.Source source,
      OutputLimits limits,
      OutputTail tail,
      Consumer<OutputLine> listener) {
    this.in = in;
    this.source = source;
    this.tail = tail;
    this.listener = listener;
    this.splitter = new LineSplitter(limits.lineBytes(), this::emit);
  }

  void start(long pid) {
    String name = "manyhands-" + source.name().toLowerCase(Locale.ROOT) + "-" + pid;
    Thread thread = new Thread(null, this, name, STACK_BYTES, false);
    thread.setDaemon(true);
    thread.start();
  }

  /** Completes when nobody can write any more and every line has been handed on. */
  CompletableFuture<Void> end() {
    return end;
  }

  @Override
  public void run() {
    byte[] buffer = new byte[8 * 1024];
    try (in) {
      for (int read = in.read(buffer); read >= 0; read = in.read(buffer)) {
        splitter.accept(buffer, read);
      }
    } catch (IOException e) {
      LOG.debug("the {} of a worker broke off", source, e);
    } finally {
      splitter.finish();
      end.complete(null);
    }
  }

  private void emit(String text) {
    OutputLine line = new OutputLine(source, text);
    tail.add(line);
    try {
      listener.accept(line);
    } catch (RuntimeException e) {
      if (!listenerFailed) {
        listenerFailed = true;
        LOG.warn(
            "the listener for a worker's {} failed; further failures are not logged", source, e);
      }
    }
  }
}
