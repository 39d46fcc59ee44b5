/*
 * Copyright 2026 The Manyhands Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.manyhands.benchmarks.reconnect;

import io.manyhands.transport.grpc.protocol.FunctionEnvironmentReloadResponse;
import io.manyhands.transport.grpc.protocol.FunctionLoadRequest;
import io.manyhands.transport.grpc.protocol.FunctionLoadResponse;
import io.manyhands.transport.grpc.protocol.InvocationRequest;
import io.manyhands.transport.grpc.protocol.InvocationResponse;
import io.manyhands.transport.grpc.protocol.RpcFunctionMetadata;
import io.manyhands.transport.grpc.protocol.StatusResult;
import io.manyhands.transport.grpc.protocol.StreamingMessage;
import io.manyhands.transport.grpc.protocol.TypedData;
import io.manyhands.transport.grpc.protocol.WorkerInitResponse;
import io.manyhands.transport.grpc.protocol.WorkerMetadata;
import io.manyhands.transport.grpc.protocol.link.Confirmation;
import io.manyhands.transport.grpc.protocol.link.Heartbeat;
import io.manyhands.transport.grpc.protocol.link.Hello;
import io.manyhands.transport.grpc.protocol.link.Refusal;
import io.manyhands.transport.grpc.protocol.link.Resume;
import io.manyhands.transport.grpc.protocol.link.RuntimeFrame;
import io.manyhands.transport.grpc.protocol.link.Welcome;
import io.manyhands.transport.grpc.protocol.link.WorkerFrame;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.concurrent.ThreadLocalRandom;
import org.jspecify.annotations.Nullable;

/**
 * A light worker of WorkerLink: answers each call with its input, and comes back after every break
 * with pauses like those of the Java worker. On the loop's thread.
 */
final class LinkWorker implements Http2Stream.Listener {
  /** What all of them came to. */
  static final class Tally {
    int welcomed;
    int resumed;
    int deferred;
    int refused;
    int broken;

    @Override
    public String toString() {
      return welcomed + " " + resumed + " " + deferred + " " + refused + " " + broken;
    }
  }

  private static final String PATH = "/manyhands.worker.v1.WorkerLink/Connect";
  private static final String BYTES = "RawHttpBodyBytes";
  private static final Duration FIRST_PAUSE = Duration.ofMillis(25);
  private static final Duration LONGEST_PAUSE = Duration.ofMillis(500);
  private static final StatusResult SUCCESS =
      StatusResult.newBuilder().setStatus(StatusResult.Status.Success).build();
  private static final WorkerMetadata METADATA =
      WorkerMetadata.newBuilder().setRuntimeName("light").setRuntimeVersion("1").build();

  private final Loop loop;
  private final InetSocketAddress runtime;
  private final String id;
  private final Tally tally;
  private final Map<String, RpcFunctionMetadata> functions = new LinkedHashMap<>();
  private @Nullable Http2Stream stream;
  private String token = "";
  private String tenant = "";
  private String application = "";
  private String revision = "";
  private Duration pause = FIRST_PAUSE;
  private Duration notBefore = Duration.ZERO;
  private boolean ended;
  private long streams;

  LinkWorker(Loop loop, InetSocketAddress runtime, String id, Tally tally) {
    this.loop = loop;
    this.runtime = runtime;
    this.id = id;
    this.tally = tally;
  }

  void dial() {
    streams++;
    try {
      stream = new Http2Stream(loop, runtime, PATH, this);
    } catch (IOException e) {
      onClosed(String.valueOf(e.getMessage()));
    }
  }

  /** Loses its connection, as a network would have it. */
  void drop() {
    Http2Stream open = stream;
    if (open != null) {
      open.reset();
    }
  }

  @Override
  public void onOpen() {
    Hello.Builder hello = Hello.newBuilder().setWorkerId(id).setResumable(true);
    if (!token.isEmpty()) {
      hello.setResume(
          Resume.newBuilder()
              .setToken(token)
              .setTenant(tenant)
              .setApplication(application)
              .setRevision(revision)
              .putCapabilities(BYTES, "true")
              .setWorkerMetadata(METADATA)
              .addAllFunctions(functions.values()));
    }
    send(WorkerFrame.newBuilder().setHello(hello));
  }

  @Override
  public void onMessage(ByteBuffer bytes) throws IOException {
    RuntimeFrame frame = RuntimeFrame.parseFrom(bytes);
    switch (frame.getFrameCase()) {
      case WELCOME -> welcomed(frame.getWelcome());
      case CREDENTIAL -> {
        token = frame.getCredential().getResumeToken();
        become(
            frame.getCredential().getTenant(),
            frame.getCredential().getApplication(),
            frame.getCredential().getRevision());
      }
      case REFUSAL -> refused(frame.getRefusal());
      case FAREWELL -> ended = !frame.getFarewell().getComeBack();
      case MESSAGE -> answer(frame.getMessage());
      default -> {
        // It keeps no answers that an acknowledgement could cover.
      }
    }
  }

  @Override
  public void onClosed(String why) {
    stream = null;
    if (ended) {
      return;
    }
    tally.broken++;
    long whole = pause.toNanos();
    long jittered = whole / 2 + ThreadLocalRandom.current().nextLong(whole / 2 + 1);
    Duration wait = notBefore.plusNanos(jittered);
    notBefore = Duration.ZERO;
    pause =
        pause.multipliedBy(2).compareTo(LONGEST_PAUSE) < 0 ? pause.multipliedBy(2) : LONGEST_PAUSE;
    loop.after(wait, this::dial);
  }

  private void welcomed(Welcome welcome) {
    tally.welcomed++;
    tally.resumed += token.isEmpty() ? 0 : 1;
    pause = FIRST_PAUSE;
    token = welcome.getResumeToken();
    become(welcome.getTenant(), welcome.getApplication(), welcome.getRevision());
    send(
        WorkerFrame.newBuilder()
            .setConfirmation(Confirmation.newBuilder().setEpoch(welcome.getEpoch())));
    long seconds = Math.max(1, welcome.getHeartbeatInterval().getSeconds());
    heartbeat(Duration.ofSeconds(seconds), streams);
  }

  private void become(String toTenant, String toApplication, String toRevision) {
    tenant = toTenant;
    application = toApplication;
    revision = toRevision;
  }

  private void refused(Refusal refusal) {
    if (refusal.getRetry()) {
      tally.deferred++;
      notBefore =
          Duration.ofSeconds(
              refusal.getRetryAfter().getSeconds(), refusal.getRetryAfter().getNanos());
    } else {
      tally.refused++;
      ended = true;
      System.err.println("light worker refused: " + refusal.getReason());
    }
  }

  private void heartbeat(Duration interval, long ofStream) {
    loop.after(
        interval,
        () -> {
          if (ofStream == streams && stream != null) {
            send(WorkerFrame.newBuilder().setHeartbeat(Heartbeat.getDefaultInstance()));
            heartbeat(interval, ofStream);
          }
        });
  }

  private void answer(StreamingMessage message) {
    StreamingMessage.Builder answer =
        StreamingMessage.newBuilder().setRequestId(message.getRequestId());
    switch (message.getContentCase()) {
      case INVOCATION_REQUEST -> answer.setInvocationResponse(run(message.getInvocationRequest()));
      case WORKER_INIT_REQUEST ->
          answer.setWorkerInitResponse(
              WorkerInitResponse.newBuilder()
                  .setResult(SUCCESS)
                  .putCapabilities(BYTES, "true")
                  .setWorkerMetadata(METADATA));
      case FUNCTION_ENVIRONMENT_RELOAD_REQUEST ->
          answer.setFunctionEnvironmentReloadResponse(
              FunctionEnvironmentReloadResponse.newBuilder()
                  .putCapabilities(BYTES, "true")
                  .setResult(SUCCESS));
      case FUNCTION_LOAD_REQUEST ->
          answer.setFunctionLoadResponse(load(message.getFunctionLoadRequest()));
      default -> {
        // Nothing else is asked of it.
        return;
      }
    }
    send(WorkerFrame.newBuilder().setMessage(answer));
  }

  private FunctionLoadResponse load(FunctionLoadRequest request) {
    functions.put(
        request.getFunctionId(),
        request.getMetadata().toBuilder()
            .setFunctionId(request.getFunctionId())
            .setStatus(SUCCESS)
            .build());
    return FunctionLoadResponse.newBuilder()
        .setFunctionId(request.getFunctionId())
        .setResult(SUCCESS)
        .build();
  }

  private static InvocationResponse run(InvocationRequest request) {
    TypedData input = request.getInputData(0).getData();
    return InvocationResponse.newBuilder()
        .setInvocationId(request.getInvocationId())
        .setReturnValue(input)
        .setResult(SUCCESS)
        .build();
  }

  private void send(WorkerFrame.Builder frame) {
    Http2Stream open = stream;
    if (open != null) {
      try {
        open.send(frame.build());
      } catch (IOException e) {
        open.reset();
      }
    }
  }
}
