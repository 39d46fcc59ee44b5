/*
 * Copyright 2026 The Manyhands Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.manyhands.transport.grpc;

import com.google.protobuf.ByteString;
import io.manyhands.api.app.FunctionDefinition;
import io.manyhands.api.invocation.Payload;
import io.manyhands.api.invocation.TraceContext;
import io.manyhands.spi.transport.HostMessage;
import io.manyhands.spi.transport.WorkerMessage;
import io.manyhands.transport.grpc.protocol.InvocationRequest;
import io.manyhands.transport.grpc.protocol.InvocationResponse;
import io.manyhands.transport.grpc.protocol.ParameterBinding;
import io.manyhands.transport.grpc.protocol.StartStream;
import io.manyhands.transport.grpc.protocol.StatusResult;
import io.manyhands.transport.grpc.protocol.StreamingMessage;
import io.manyhands.transport.grpc.protocol.TypedData;
import io.manyhands.transport.grpc.protocol.WorkerHeartbeat;
import io.manyhands.transport.grpc.protocol.WorkerStatusResponse;
import io.manyhands.transport.grpc.protocol.link.RuntimeFrame;
import java.net.URI;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * The wire as a worker sees it, written apart from the product's codec so that one proves the
 * other.
 */
final class PeerCodec {
  private PeerCodec() {}

  static StreamingMessage encode(WorkerMessage message) {
    StreamingMessage.Builder stream = StreamingMessage.newBuilder();
    if (message instanceof WorkerMessage.StartStream start) {
      stream.setStartStream(StartStream.newBuilder().setWorkerId(start.workerId()));
    } else if (message instanceof WorkerMessage.WorkerStatusResponse) {
      stream.setWorkerStatusResponse(WorkerStatusResponse.getDefaultInstance());
    } else if (message instanceof WorkerMessage.Heartbeat) {
      stream.setWorkerHeartbeat(WorkerHeartbeat.getDefaultInstance());
    } else if (message instanceof WorkerMessage.InvocationResponse response
        && response.returnValue() instanceof Payload.Binary body) {
      stream.setInvocationResponse(
          InvocationResponse.newBuilder()
              .setInvocationId(response.invocationId())
              .setResult(StatusResult.newBuilder().setStatus(StatusResult.Status.Success))
              .setReturnValue(
                  TypedData.newBuilder().setBytes(ByteString.copyFrom(body.value().duplicate()))));
    } else {
      throw new IllegalArgumentException("the contract does not send " + message);
    }
    return stream.build();
  }

  static HostMessage decode(StreamingMessage message) {
    return switch (message.getContentCase()) {
      case WORKER_INIT_REQUEST ->
          new HostMessage.InitRequest(
              message.getWorkerInitRequest().getHostVersion(),
              message.getWorkerInitRequest().getCapabilitiesMap(),
              message.getWorkerInitRequest().getWorkerDirectory(),
              message.getWorkerInitRequest().getFunctionAppDirectory());
      case WORKER_WARMUP_REQUEST ->
          new HostMessage.WarmupRequest(message.getWorkerWarmupRequest().getWorkerDirectory());
      case FUNCTION_ENVIRONMENT_RELOAD_REQUEST ->
          new HostMessage.EnvironmentReloadRequest(
              message.getFunctionEnvironmentReloadRequest().getEnvironmentVariablesMap(),
              message.getFunctionEnvironmentReloadRequest().getFunctionAppDirectory());
      case FUNCTIONS_METADATA_REQUEST ->
          new HostMessage.FunctionsMetadataRequest(
              message.getFunctionsMetadataRequest().getFunctionAppDirectory());
      case FUNCTION_LOAD_REQUEST ->
          new HostMessage.FunctionLoadRequest(
              message.getFunctionLoadRequest().getFunctionId(),
              new FunctionDefinition(
                  message.getFunctionLoadRequest().getMetadata().getName(),
                  "",
                  "",
                  "",
                  "",
                  List.of(),
                  Map.of()),
              Map.of());
      case INVOCATION_REQUEST -> invocation(message.getInvocationRequest());
      case INVOCATION_CANCEL ->
          new HostMessage.InvocationCancel(
              message.getInvocationCancel().getInvocationId(),
              Duration.ofSeconds(message.getInvocationCancel().getGracePeriod().getSeconds()));
      case WORKER_STATUS_REQUEST -> new HostMessage.WorkerStatusRequest();
      case WORKER_TERMINATE ->
          new HostMessage.WorkerTerminate(
              Duration.ofSeconds(message.getWorkerTerminate().getGracePeriod().getSeconds()));
      default -> throw new IllegalArgumentException("the Runtime said " + message);
    };
  }

  static HostMessage decode(RuntimeFrame frame) {
    return switch (frame.getFrameCase()) {
      case WELCOME ->
          new HostMessage.LinkWelcome(
              frame.getWelcome().getWorkerId(),
              frame.getWelcome().getEpoch(),
              frame.getWelcome().getResumeToken(),
              Duration.ofSeconds(frame.getWelcome().getHeartbeatInterval().getSeconds()),
              Duration.ofSeconds(frame.getWelcome().getResumeGrace().getSeconds()),
              frame.getWelcome().getWantedList(),
              Optional.empty());
      case REFUSAL ->
          new HostMessage.LinkRefusal(
              frame.getRefusal().getReason(),
              frame.getRefusal().getRetry()
                  ? Optional.of(Duration.ofSeconds(frame.getRefusal().getRetryAfter().getSeconds()))
                  : Optional.empty());
      case CREDENTIAL ->
          new HostMessage.LinkCredential(
              frame.getCredential().getResumeToken(),
              new HostMessage.LinkAssignment(
                  frame.getCredential().getTenant(),
                  frame.getCredential().getApplication(),
                  frame.getCredential().getRevision()));
      case ACKNOWLEDGEMENT ->
          new HostMessage.LinkAcknowledgement(frame.getAcknowledgement().getAnswers());
      case FAREWELL ->
          new HostMessage.LinkFarewell(
              frame.getFarewell().getReason(), frame.getFarewell().getComeBack());
      case CODE_PACKAGE ->
          new HostMessage.LinkPackage(
              URI.create(frame.getCodePackage().getUri()), frame.getCodePackage().getSha256());
      default -> throw new IllegalArgumentException("the Runtime said " + frame);
    };
  }

  private static HostMessage invocation(InvocationRequest request) {
    Map<String, Payload> inputs = new HashMap<>();
    for (ParameterBinding input : request.getInputDataList()) {
      inputs.put(
          input.getName(),
          new Payload.Binary(ByteBuffer.wrap(input.getData().getBytes().toByteArray())));
    }
    return new HostMessage.InvocationRequest(
        request.getInvocationId(),
        request.getFunctionId(),
        inputs,
        Map.of(),
        new TraceContext(
            request.getTraceContext().getTraceParent(), request.getTraceContext().getTraceState()));
  }
}
