/*
 * Copyright 2026 The Manyhands Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.manyhands.worker.doubles;

import io.manyhands.transport.grpc.protocol.FunctionEnvironmentReloadResponse;
import io.manyhands.transport.grpc.protocol.FunctionLoadRequest;
import io.manyhands.transport.grpc.protocol.FunctionLoadResponse;
import io.manyhands.transport.grpc.protocol.StreamingMessage;
import io.manyhands.transport.grpc.protocol.WorkerInitResponse;
import io.manyhands.transport.grpc.protocol.WorkerStatusResponse;
import io.manyhands.transport.grpc.protocol.WorkerWarmupResponse;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.TimeUnit;

/** Answers the host's messages as the model does. */
final class WorkerSession {
  /** The other side. */
  interface Host {
    void send(StreamingMessage message);

    /** Ends the process, where there is an ending. */
    void end(Optional<Endings.Ending> ending);
  }

  private final WorkerModel model;
  private final Host host;
  private final String startUpId;
  private final WorkerState state = new WorkerState();
  private final ScheduledThreadPoolExecutor pool = new ScheduledThreadPoolExecutor(1);
  private final Calls calls;

  WorkerSession(WorkerModel model, Host host, String startUpId) {
    this.model = model;
    this.host = host;
    this.startUpId = startUpId;
    this.calls = new Calls(model, state, host);
    pool.setCorePoolSize(model.threads(state.environment()));
  }

  boolean busy() {
    return state.running.get() > 0;
  }

  void onMessage(StreamingMessage message) {
    Optional<Integer> death = model.diesOf(message.getContentCase());
    if (death.isPresent()) {
      System.err.println("no handler for " + message.getContentCase());
      host.end(Optional.of(new Endings.Ending(death.get(), Duration.ZERO)));
      return;
    }
    StreamingMessage.Builder answer = StreamingMessage.newBuilder();
    // P-INV-1: some answer with the id of their own start.
    answer.setRequestId(
        model.echoes(message.getContentCase()) ? message.getRequestId() : startUpId);
    switch (message.getContentCase()) {
      case WORKER_INIT_REQUEST -> {
        state.initialize(
            message.getWorkerInitRequest().getFunctionAppDirectory(),
            message.getWorkerInitRequest().getWorkerDirectory());
        answer.setWorkerInitResponse(
            WorkerInitResponse.newBuilder()
                .setResult(Statuses.success())
                .putAllCapabilities(model.capabilities())
                .setWorkerMetadata(model.metadata()));
      }
      case WORKER_WARMUP_REQUEST -> {
        // Whoever does not advertise it lets it pass.
        if (!model.capabilities().containsKey("HandlesWorkerWarmupMessage")) {
          return;
        }
        answer.setWorkerWarmupResponse(
            WorkerWarmupResponse.newBuilder().setResult(Statuses.success()));
      }
      case FUNCTION_ENVIRONMENT_RELOAD_REQUEST -> {
        FunctionEnvironmentReloadResponse.Builder reloaded =
            FunctionEnvironmentReloadResponse.newBuilder().setResult(Statuses.success());
        try {
          model.reload(state, message.getFunctionEnvironmentReloadRequest(), reloaded);
        } catch (WorkerFault e) {
          reloaded.setResult(Statuses.failure(String.valueOf(e.getMessage())));
        }
        pool.setCorePoolSize(model.threads(state.environment()));
        answer.setFunctionEnvironmentReloadResponse(reloaded);
      }
      case FUNCTIONS_METADATA_REQUEST -> answer.setFunctionMetadataResponse(model.index(state));
      case FUNCTION_LOAD_REQUEST -> {
        load(message.getFunctionLoadRequest(), answer);
        return;
      }
      case INVOCATION_REQUEST -> {
        state.running.incrementAndGet();
        Runnable call = () -> calls.run(message.getInvocationRequest(), answer);
        if (calls.holdsTheLoop(message.getInvocationRequest())) {
          call.run();
        } else {
          pool.execute(call);
        }
        return;
      }
      case WORKER_STATUS_REQUEST ->
          answer.setWorkerStatusResponse(WorkerStatusResponse.getDefaultInstance());
      case WORKER_TERMINATE -> {
        // P-END-2: what runs is lost without a response.
        host.end(model.endings().terminated());
        return;
      }
      default -> {
        // P-JAVA-2: the others let pass what they do not know.
        return;
      }
    }
    host.send(answer.build());
  }

  private void load(FunctionLoadRequest request, StreamingMessage.Builder answer) {
    state.loading.incrementAndGet();
    Runnable work =
        () -> {
          FunctionLoadResponse.Builder response =
              FunctionLoadResponse.newBuilder()
                  .setFunctionId(request.getFunctionId())
                  .setResult(Statuses.success());
          try {
            state.functions.put(request.getFunctionId(), model.load(state, request));
          } catch (WorkerFault e) {
            response.setResult(Statuses.failure(String.valueOf(e.getMessage())));
          }
          state.loading.decrementAndGet();
          host.send(answer.setFunctionLoadResponse(response).build());
        };
    if (model.loading().isZero()) {
      work.run();
    } else {
      var unused = pool.schedule(work, model.loading().toMillis(), TimeUnit.MILLISECONDS);
    }
  }
}
