/*
 * Copyright 2026 The Manyhands Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.manyhands.testkit;

import io.manyhands.api.invocation.Payload;
import io.manyhands.api.worker.WorkerId;
import io.manyhands.api.worker.WorkerStack;
import io.manyhands.spi.time.TimeSeams;
import io.manyhands.spi.transport.HostMessage;
import io.manyhands.spi.transport.StatusInfo;
import io.manyhands.spi.transport.WorkerMessage;
import io.manyhands.transport.inprocess.InProcessNetwork;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * A worker in the test's own process that behaves as its script says and remembers what it was
 * told. On the test's thread.
 */
public final class FakeWorker {
  private final WorkerId id;
  private final WorkerStack stack;
  private final WorkerScript script;
  private final TimeSeams time;
  private final List<HostMessage> received = new ArrayList<>();
  private InProcessNetwork.@Nullable WorkerEnd end;
  private @Nullable String ended;

  FakeWorker(WorkerId id, WorkerStack stack, WorkerScript script, TimeSeams time) {
    this.id = id;
    this.stack = stack;
    this.script = script;
    this.time = time;
  }

  /** Dials in and presents its id. */
  public void connect(InProcessNetwork network) {
    connect(network, new WorkerMessage.StartStream(id.value()));
  }

  void connect(InProcessNetwork network, WorkerMessage first) {
    InProcessNetwork.WorkerEnd dialled =
        network.connect(
            new InProcessNetwork.WorkerSide() {
              @Override
              public void onMessage(HostMessage message) {
                received.add(message);
                answer(message);
              }

              @Override
              public void onEnd(String reason) {
                ended = reason;
              }
            });
    end = dialled;
    dialled.send(first);
  }

  public WorkerId id() {
    return id;
  }

  public WorkerStack stack() {
    return stack;
  }

  /** Everything that the Runtime said, in order. */
  public List<HostMessage> received() {
    return List.copyOf(received);
  }

  /** What it said of one kind. */
  public <T extends HostMessage> List<T> received(Class<T> kind) {
    return received.stream().filter(kind::isInstance).map(kind::cast).toList();
  }

  /** Why its stream ended, if it did. */
  public Optional<String> ended() {
    return Optional.ofNullable(ended);
  }

  /** Says something of its own accord. */
  public void say(WorkerMessage message) {
    InProcessNetwork.WorkerEnd open = end;
    if (open != null) {
      open.send(message);
    }
  }

  /** Dies as a killed process does. */
  public void die() {
    InProcessNetwork.WorkerEnd open = end;
    if (open != null) {
      open.abort("the connection broke");
    }
  }

  /** Takes nothing more until it is set back. */
  public void setWritable(boolean writable) {
    InProcessNetwork.WorkerEnd open = end;
    if (open != null) {
      open.setWritable(writable);
    }
  }

  private void answer(HostMessage message) {
    if (message instanceof HostMessage.InitRequest) {
      say(
          new WorkerMessage.InitResponse(
              StatusInfo.success(),
              "1",
              script.capabilities(),
              Optional.of(
                  new WorkerMessage.WorkerMetadata(
                      stack.language(), stack.version(), "1", "x64", Map.of()))));
    } else if (message instanceof HostMessage.EnvironmentReloadRequest) {
      say(
          new WorkerMessage.EnvironmentReloadResponse(
              script.reload(), script.capabilities(), true, Optional.empty()));
    } else if (message instanceof HostMessage.FunctionsMetadataRequest) {
      say(new WorkerMessage.FunctionsMetadataResponse(StatusInfo.success(), script.index(), false));
    } else if (message instanceof HostMessage.FunctionLoadRequest load) {
      say(new WorkerMessage.FunctionLoadResponse(load.functionId(), StatusInfo.success()));
    } else if (message instanceof HostMessage.WorkerStatusRequest) {
      if (script.answersStatus()) {
        say(new WorkerMessage.WorkerStatusResponse());
      }
    } else if (message instanceof HostMessage.InvocationRequest request) {
      reply(request, script.reply(request));
    }
  }

  private void reply(HostMessage.InvocationRequest request, WorkerScript.Reply reply) {
    switch (reply.kind()) {
      case SUCCEED ->
          say(
              new WorkerMessage.InvocationResponse(
                  request.invocationId(), StatusInfo.success(), Map.of(), reply.value()));
      case FAIL ->
          say(
              new WorkerMessage.InvocationResponse(
                  request.invocationId(),
                  StatusInfo.failure(reply.text()),
                  Map.of(),
                  Payload.empty()));
      case TWICE -> {
        say(
            new WorkerMessage.InvocationResponse(
                request.invocationId(), StatusInfo.success(), Map.of(), reply.value()));
        say(
            new WorkerMessage.InvocationResponse(
                request.invocationId(), StatusInfo.success(), Map.of(), reply.value()));
      }
      case LATER ->
          time.scheduler()
              .schedule(
                  () -> reply(request, WorkerScript.Reply.succeed(reply.value())), reply.delay());
      case NEVER -> {}
      case DIE -> die();
    }
  }
}
