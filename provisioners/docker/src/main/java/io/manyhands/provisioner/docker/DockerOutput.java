/*
 * Copyright 2026 The Manyhands Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.manyhands.provisioner.docker;

import com.github.dockerjava.api.async.ResultCallback;
import com.github.dockerjava.api.model.Frame;
import com.github.dockerjava.api.model.StreamType;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.EnumMap;
import java.util.Map;
import java.util.function.Consumer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The frames of a container's output, as lines. On the library's thread of that stream. */
final class DockerOutput extends ResultCallback.Adapter<Frame> {
  private static final Logger LOG = LoggerFactory.getLogger(DockerOutput.class);
  private static final int LONGEST_LINE = 64 * 1024;

  private final Consumer<String> lines;
  private final Runnable finished;
  private final Map<StreamType, ByteArrayOutputStream> begun = new EnumMap<>(StreamType.class);

  DockerOutput(Consumer<String> lines, Runnable finished) {
    this.lines = lines;
    this.finished = finished;
  }

  @Override
  public void onNext(Frame frame) {
    ByteArrayOutputStream line =
        begun.computeIfAbsent(frame.getStreamType(), type -> new ByteArrayOutputStream());
    for (byte each : frame.getPayload()) {
      if (each == '\n') {
        end(line);
      } else if (line.size() < LONGEST_LINE) {
        line.write(each);
      }
    }
  }

  private void end(ByteArrayOutputStream line) {
    String text = line.toString(StandardCharsets.UTF_8);
    line.reset();
    lines.accept(text.endsWith("\r") ? text.substring(0, text.length() - 1) : text);
  }

  @Override
  public void onError(Throwable error) {
    super.onError(error);
    finish();
  }

  @Override
  public void onComplete() {
    finish();
    super.onComplete();
  }

  private void finish() {
    for (ByteArrayOutputStream line : begun.values()) {
      if (line.size() > 0) {
        end(line);
      }
    }
    finished.run();
  }

  void closeQuietly() {
    try {
      close();
    } catch (IOException e) {
      LOG.debug("a stream of output could not be closed", e);
    }
  }
}
