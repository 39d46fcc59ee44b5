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
  private @Nullable FakeLink link;
  private boolean deaf;

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

  /** Dials in with our protocol extension: it will be able to come back. */
  public void connectExtended(InProcessNetwork network) {
    dial(network, new FakeLink(id, stack), "");
  }

  /** Dials again after a break, or beside a stream that still lives, with the newest token. */
  public void comeBack(InProcessNetwork network) {
    FakeLink resumed = extension();
    dial(network, resumed, resumed.token());
  }

  /** Dials with a token of its own past. */
  public void comeBack(InProcessNetwork network, String token) {
    dial(network, extension(), token);
  }

  /** Begins a stream of our extension with that message, whatever it says. */
  public void connectRaw(InProcessNetwork network, WorkerMessage first) {
    Side side = new Side();
    InProcessNetwork.WorkerEnd dialled = network.connectExtended(side);
    side.end = dialled;
    end = dialled;
    dialled.send(first);
  }

  /** While deaf it remembers what it is told, and does nothing about it. */
  public void setDeaf(boolean value) {
    deaf = value;
  }

  /** Knows nothing any more of what it runs, as if it had never been told. */
  public void forget() {
    extension().forget();
  }

  /** The newest token that it was given. */
  public String token() {
    return extension().token();
  }

  /** Of its newest acceptance. */
  public long epoch() {
    return extension().epoch();
  }

  private FakeLink extension() {
    FakeLink extension = link;
    if (extension == null) {
      throw new IllegalStateException("worker " + id + " speaks the public protocol alone");
    }
    return extension;
  }

  private void dial(InProcessNetwork network, FakeLink extension, String token) {
    link = extension;
    Side side = new Side();
    end = null;
    InProcessNetwork.WorkerEnd dialled = network.connectExtended(side);
    side.end = dialled;
    end = dialled;
    ended = null;
    dialled.send(extension.hello(token, script.capabilities()));
  }

  void connect(InProcessNetwork network, WorkerMessage first) {
    Side side = new Side();
    InProcessNetwork.WorkerEnd dialled = network.connect(side);
    side.end = dialled;
    end = dialled;
    dialled.send(first);
  }

  /** One stream; what comes of an earlier one is remembered and not answered. */
  private final class Side implements InProcessNetwork.WorkerSide {
    private InProcessNetwork.@Nullable WorkerEnd end;

    @Override
    public void onMessage(HostMessage message) {
      received.add(message);
      if (end == FakeWorker.this.end && !deaf) {
        answer(message);
      }
    }

    @Override
    public void onEnd(String reason) {
      if (end == FakeWorker.this.end) {
        FakeWorker.this.end = null;
        ended = reason;
      }
    }
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
    if (message instanceof HostMessage.InvocationRequest request) {
      if (link != null) {
        link.began(request.invocationId());
      }
      reply(request, script.reply(request));
      return;
    }
    Optional<WorkerMessage> answer = controlled(message);
    answer.ifPresent(this::say);
    if (script.answersTwice()) {
      answer.ifPresent(this::say);
    }
  }

  private Optional<WorkerMessage> controlled(HostMessage message) {
    if (message instanceof HostMessage.InitRequest) {
      return Optional.of(
          new WorkerMessage.InitResponse(
              StatusInfo.success(),
              "1",
              script.capabilities(),
              Optional.of(
                  new WorkerMessage.WorkerMetadata(
                      stack.language(), stack.version(), "1", "x64", Map.of()))));
    } else if (message instanceof HostMessage.EnvironmentReloadRequest) {
      return Optional.of(
          new WorkerMessage.EnvironmentReloadResponse(
              script.reload(), script.capabilities(), true, Optional.empty()));
    } else if (message instanceof HostMessage.FunctionsMetadataRequest) {
      return Optional.of(
          new WorkerMessage.FunctionsMetadataResponse(StatusInfo.success(), script.index(), false));
    } else if (message instanceof HostMessage.FunctionLoadRequest load) {
      if (link != null) {
        link.loaded(load, script.index());
      }
      return script.answersLoads()
          ? Optional.of(new WorkerMessage.FunctionLoadResponse(load.functionId(), script.load()))
          : Optional.empty();
    } else if (message instanceof HostMessage.WorkerStatusRequest && script.answersStatus()) {
      return Optional.of(new WorkerMessage.WorkerStatusResponse());
    } else if (link != null) {
      answer(link, message);
    }
    return Optional.empty();
  }

  private void answer(FakeLink extension, HostMessage message) {
    if (message instanceof HostMessage.LinkWelcome welcome) {
      extension.welcome(welcome).forEach(this::say);
    } else if (message instanceof HostMessage.LinkCredential credential) {
      extension.credential(credential);
    } else if (message instanceof HostMessage.LinkPackage code) {
      say(
          new WorkerMessage.LinkPackageState(
              code.sha256(), WorkerMessage.PackageStage.FETCHING, "", ""));
      WorkerMessage.LinkPackageState state = script.packageState(code.sha256());
      extension.unpacked(state);
      say(state);
    } else if (message instanceof HostMessage.LinkAcknowledgement acknowledgement) {
      extension.acknowledged(acknowledgement.answers());
    }
  }

  private void say(WorkerMessage.InvocationResponse answer) {
    if (link != null) {
      link.answered(answer, end != null);
    }
    say((WorkerMessage) answer);
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
                  () ->
                      reply(
                          request,
                          reply.text().isEmpty()
                              ? WorkerScript.Reply.succeed(reply.value())
                              : WorkerScript.Reply.fail(reply.text())),
                  reply.delay());
      case NEVER -> {}
      case DIE -> die();
    }
  }
}
