/*
 * Copyright 2026 The Manyhands Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.manyhands.transport.grpc;

import com.google.protobuf.CodedInputStream;
import com.google.protobuf.Duration;
import com.google.protobuf.ExtensionRegistryLite;
import com.google.protobuf.Parser;
import com.google.protobuf.UnsafeByteOperations;
import io.manyhands.api.ManyhandsException;
import io.manyhands.api.app.Binding;
import io.manyhands.api.app.FunctionDefinition;
import io.manyhands.api.app.RetryPolicy;
import io.manyhands.api.invocation.Payload;
import io.manyhands.spi.transport.StatusInfo;
import io.manyhands.spi.transport.WorkerMessage;
import io.manyhands.transport.grpc.protocol.FunctionEnvironmentReloadResponse;
import io.manyhands.transport.grpc.protocol.FunctionMetadataResponse;
import io.manyhands.transport.grpc.protocol.InvocationResponse;
import io.manyhands.transport.grpc.protocol.ParameterBinding;
import io.manyhands.transport.grpc.protocol.RpcException;
import io.manyhands.transport.grpc.protocol.RpcFunctionMetadata;
import io.manyhands.transport.grpc.protocol.RpcLog;
import io.manyhands.transport.grpc.protocol.RpcRetryOptions;
import io.manyhands.transport.grpc.protocol.StatusResult;
import io.manyhands.transport.grpc.protocol.StreamingMessage;
import io.manyhands.transport.grpc.protocol.WorkerInitResponse;
import io.manyhands.transport.grpc.protocol.WorkerMetadata;
import java.io.IOException;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Reads what a worker says; a kind without a meaning here becomes Unknown. */
final class WorkerMessageDecoder {
  private WorkerMessageDecoder() {}

  /** A StreamingMessage. */
  static WorkerMessage decode(byte[] bytes, int offset, int length) throws IOException {
    WorkerMessage answer = InvocationReader.read(bytes, offset, length);
    return answer != null
        ? answer
        : decode(parse(bytes, offset, length, StreamingMessage.parser()));
  }

  /** A message whose byte fields are views of the array. */
  static <T> T parse(byte[] bytes, int offset, int length, Parser<T> parser) throws IOException {
    CodedInputStream input = UnsafeByteOperations.unsafeWrap(bytes, offset, length).newCodedInput();
    input.enableAliasing(true);
    T message = parser.parseFrom(input, ExtensionRegistryLite.getEmptyRegistry());
    input.checkLastTagWas(0);
    return message;
  }

  static WorkerMessage decode(StreamingMessage message) {
    return switch (message.getContentCase()) {
      case INVOCATION_RESPONSE -> invocation(message.getInvocationResponse());
      case RPC_LOG -> new WorkerMessage.Log(log(message.getRpcLog()));
      case START_STREAM -> new WorkerMessage.StartStream(message.getStartStream().getWorkerId());
      case WORKER_INIT_RESPONSE -> init(message.getWorkerInitResponse());
      case WORKER_WARMUP_RESPONSE ->
          new WorkerMessage.WarmupResponse(status(message.getWorkerWarmupResponse().getResult()));
      case FUNCTION_ENVIRONMENT_RELOAD_RESPONSE ->
          reload(message.getFunctionEnvironmentReloadResponse());
      case FUNCTION_METADATA_RESPONSE -> metadata(message.getFunctionMetadataResponse());
      case FUNCTION_LOAD_RESPONSE ->
          new WorkerMessage.FunctionLoadResponse(
              message.getFunctionLoadResponse().getFunctionId(),
              status(message.getFunctionLoadResponse().getResult()));
      case WORKER_STATUS_RESPONSE -> new WorkerMessage.WorkerStatusResponse();
      case WORKER_HEARTBEAT -> new WorkerMessage.Heartbeat();
      case WORKER_ACTION_RESPONSE ->
          new WorkerMessage.ActionRequest(
              message.getWorkerActionResponse().getAction().name(),
              message.getWorkerActionResponse().getReason());
      default -> new WorkerMessage.Unknown(message.getContentCase().name());
    };
  }

  private static WorkerMessage invocation(InvocationResponse response) {
    Map<String, Payload> outputs = Map.of();
    if (response.getOutputDataCount() > 0) {
      outputs = new HashMap<>();
      for (ParameterBinding output : response.getOutputDataList()) {
        outputs.put(output.getName(), PayloadCodec.decode(output.getData()));
      }
    }
    Payload returned =
        response.hasReturnValue()
            ? PayloadCodec.decode(response.getReturnValue())
            : Payload.empty();
    return new WorkerMessage.InvocationResponse(
        response.getInvocationId(), status(response.getResult()), outputs, returned);
  }

  private static WorkerMessage init(WorkerInitResponse response) {
    return new WorkerMessage.InitResponse(
        status(response.getResult()),
        response.getWorkerVersion(),
        response.getCapabilitiesMap(),
        response.hasWorkerMetadata()
            ? Optional.of(worker(response.getWorkerMetadata()))
            : Optional.empty());
  }

  private static WorkerMessage reload(FunctionEnvironmentReloadResponse response) {
    return new WorkerMessage.EnvironmentReloadResponse(
        status(response.getResult()),
        response.getCapabilitiesMap(),
        response.getCapabilitiesUpdateStrategy()
            == FunctionEnvironmentReloadResponse.CapabilitiesUpdateStrategy.replace,
        response.hasWorkerMetadata()
            ? Optional.of(worker(response.getWorkerMetadata()))
            : Optional.empty());
  }

  static WorkerMessage.WorkerMetadata worker(WorkerMetadata metadata) {
    return new WorkerMessage.WorkerMetadata(
        metadata.getRuntimeName(),
        metadata.getRuntimeVersion(),
        metadata.getWorkerVersion(),
        metadata.getWorkerBitness(),
        metadata.getCustomPropertiesMap());
  }

  private static WorkerMessage metadata(FunctionMetadataResponse response) {
    List<WorkerMessage.IndexedFunction> functions =
        response.getFunctionMetadataResultsList().stream()
            .map(WorkerMessageDecoder::function)
            .toList();
    return new WorkerMessage.FunctionsMetadataResponse(
        status(response.getResult()), functions, response.getUseDefaultMetadataIndexing());
  }

  static WorkerMessage.IndexedFunction function(RpcFunctionMetadata metadata) {
    List<Binding> none = List.of();
    FunctionDefinition definition =
        new FunctionDefinition(
            metadata.getName(),
            metadata.getDirectory(),
            metadata.getScriptFile(),
            metadata.getEntryPoint(),
            metadata.getLanguage(),
            none,
            metadata.getPropertiesMap());
    // A function without a status is as good as its presence in the list.
    StatusInfo status = metadata.hasStatus() ? status(metadata.getStatus()) : StatusInfo.success();
    if (metadata.hasRetryOptions()) {
      try {
        definition = definition.withRetry(retry(metadata.getRetryOptions()));
      } catch (ManyhandsException | ArithmeticException e) {
        status = StatusInfo.failure("retry options: " + e.getMessage());
      }
    }
    return new WorkerMessage.IndexedFunction(
        metadata.getFunctionId(), definition, status, metadata.getRawBindingsList());
  }

  private static RetryPolicy retry(RpcRetryOptions options) {
    return options.getRetryStrategy() == RpcRetryOptions.RetryStrategy.fixed_delay
        ? RetryPolicy.fixedDelay(options.getMaxRetryCount(), duration(options.getDelayInterval()))
        : RetryPolicy.exponentialBackoff(
            options.getMaxRetryCount(),
            duration(options.getMinimumInterval()),
            duration(options.getMaximumInterval()));
  }

  private static java.time.Duration duration(Duration value) {
    return java.time.Duration.ofSeconds(value.getSeconds(), value.getNanos());
  }

  static StatusInfo status(StatusResult result) {
    return switch (result.getStatus()) {
      case Success -> StatusInfo.success();
      case Cancelled -> new StatusInfo(StatusInfo.Outcome.CANCELLED, error(result));
      default -> new StatusInfo(StatusInfo.Outcome.FAILURE, error(result));
    };
  }

  private static Optional<StatusInfo.WorkerError> error(StatusResult result) {
    if (result.hasException()) {
      return Optional.of(error(result.getException()));
    }
    return result.getResult().isEmpty()
        ? Optional.empty()
        : Optional.of(new StatusInfo.WorkerError(result.getResult(), "", "", "", false));
  }

  private static StatusInfo.WorkerError error(RpcException thrown) {
    return new StatusInfo.WorkerError(
        thrown.getMessage(),
        thrown.getType(),
        thrown.getSource(),
        thrown.getStackTrace(),
        thrown.getIsUserException());
  }

  private static WorkerMessage.LogEntry log(RpcLog log) {
    return new WorkerMessage.LogEntry(
        log.getInvocationId(),
        log.getCategory(),
        Math.max(0, log.getLevelValue()),
        log.getMessage(),
        log.getLogCategory() == RpcLog.RpcLogCategory.System,
        log.hasException() ? Optional.of(error(log.getException())) : Optional.empty());
  }
}
