/*
 * Copyright 2026 The Manyhands Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.manyhands.worker.agent;

import io.manyhands.support.launch.OutputLine;
import io.manyhands.transport.grpc.protocol.InvocationResponse;
import io.manyhands.transport.grpc.protocol.RpcException;
import io.manyhands.transport.grpc.protocol.RpcLog;
import io.manyhands.transport.grpc.protocol.StatusResult;
import io.manyhands.transport.grpc.protocol.StreamingMessage;
import io.manyhands.transport.grpc.protocol.WorkerActionResponse;
import io.manyhands.transport.grpc.protocol.WorkerStatusRequest;
import io.manyhands.transport.grpc.protocol.link.PackageState;
import io.manyhands.transport.grpc.protocol.link.WorkerFrame;

/** What the agent says of its own accord. */
final class Messages {
  /** How official workers mark what is of themselves, not of a function (P-LOG-1). */
  private static final String OWN_LINE = "LanguageWorkerConsoleLog";

  private Messages() {}

  /** A line that the worker wrote. */
  static Envelope output(OutputLine line) {
    boolean own = line.text().startsWith(OWN_LINE);
    return log(
        line.source() == OutputLine.Source.STDERR ? RpcLog.Level.Warning : RpcLog.Level.Information,
        own ? "Worker.Console" : "Host.Function.Console",
        own ? RpcLog.RpcLogCategory.System : RpcLog.RpcLogCategory.User,
        own ? line.text().substring(OWN_LINE.length()).strip() : line.text());
  }

  static Envelope droppedLogs(long lines) {
    return log(
        RpcLog.Level.Warning,
        "Worker.Logs",
        RpcLog.RpcLogCategory.System,
        lines + " log lines were dropped: the Runtime was away or reads too slowly");
  }

  private static Envelope log(
      RpcLog.Level level, String category, RpcLog.RpcLogCategory kind, String message) {
    return Envelope.of(
        StreamingMessage.newBuilder()
            .setRpcLog(
                RpcLog.newBuilder()
                    .setLevel(level)
                    .setCategory(category)
                    .setLogCategory(kind)
                    .setMessage(message))
            .build());
  }

  static Envelope undeliverable(String invocationId, int size, int attempts) {
    return Envelope.of(
        StreamingMessage.newBuilder()
            .setInvocationResponse(
                InvocationResponse.newBuilder()
                    .setInvocationId(invocationId)
                    .setResult(
                        StatusResult.newBuilder()
                            .setStatus(StatusResult.Status.Failure)
                            .setException(
                                RpcException.newBuilder()
                                    .setMessage(
                                        "the answer of %d bytes could not be delivered in %d attempts"
                                            .formatted(size, attempts)))))
            .build());
  }

  /** Asks for the end of a worker that the machine needs back: its calls finish first. */
  static Envelope leaving(String reason) {
    return Envelope.of(
        StreamingMessage.newBuilder()
            .setWorkerActionResponse(
                WorkerActionResponse.newBuilder()
                    .setAction(WorkerActionResponse.Action.Restart)
                    .setReason(reason))
            .build());
  }

  static Envelope statusRequest(String requestId) {
    return Envelope.of(
        StreamingMessage.newBuilder()
            .setRequestId(requestId)
            .setWorkerStatusRequest(WorkerStatusRequest.getDefaultInstance())
            .build());
  }

  /** Who cannot fetch says so (P-LINK-10). */
  static WorkerFrame packageRefused(String sha256) {
    return WorkerFrame.newBuilder()
        .setPackageState(
            PackageState.newBuilder()
                .setSha256(sha256)
                .setStage(PackageState.Stage.FAILED)
                .setProblem("this agent fetches no packages"))
        .build();
  }
}
