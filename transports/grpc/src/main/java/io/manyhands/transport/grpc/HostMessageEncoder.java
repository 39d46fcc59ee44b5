/*
 * Copyright 2026 The Manyhands Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.manyhands.transport.grpc;

import com.google.protobuf.Duration;
import io.manyhands.api.app.Binding;
import io.manyhands.api.app.FunctionDefinition;
import io.manyhands.api.app.RetryPolicy;
import io.manyhands.spi.transport.HostMessage;
import io.manyhands.transport.grpc.protocol.BindingInfo;
import io.manyhands.transport.grpc.protocol.FunctionEnvironmentReloadRequest;
import io.manyhands.transport.grpc.protocol.FunctionLoadRequest;
import io.manyhands.transport.grpc.protocol.FunctionsMetadataRequest;
import io.manyhands.transport.grpc.protocol.InvocationCancel;
import io.manyhands.transport.grpc.protocol.RetryContext;
import io.manyhands.transport.grpc.protocol.RpcException;
import io.manyhands.transport.grpc.protocol.RpcFunctionMetadata;
import io.manyhands.transport.grpc.protocol.RpcRetryOptions;
import io.manyhands.transport.grpc.protocol.StreamingMessage;
import io.manyhands.transport.grpc.protocol.WorkerInitRequest;
import io.manyhands.transport.grpc.protocol.WorkerStatusRequest;
import io.manyhands.transport.grpc.protocol.WorkerTerminate;
import io.manyhands.transport.grpc.protocol.WorkerWarmupRequest;
import java.util.Locale;
import java.util.Set;

/** Writes what the Runtime says in the protocol's messages; invocations go another way. */
final class HostMessageEncoder {
  private static final Set<Class<? extends HostMessage>> KINDS =
      Set.of(
          HostMessage.InitRequest.class,
          HostMessage.WarmupRequest.class,
          HostMessage.EnvironmentReloadRequest.class,
          HostMessage.FunctionsMetadataRequest.class,
          HostMessage.FunctionLoadRequest.class,
          HostMessage.InvocationRequest.class,
          HostMessage.InvocationCancel.class,
          HostMessage.WorkerStatusRequest.class,
          HostMessage.WorkerTerminate.class);

  private HostMessageEncoder() {}

  /** False for kinds that the Runtime may know and this transport does not. */
  static boolean supports(Class<? extends HostMessage> kind) {
    return KINDS.contains(kind);
  }

  static StreamingMessage encode(HostMessage message) {
    StreamingMessage.Builder stream = StreamingMessage.newBuilder();
    if (message instanceof HostMessage.InitRequest init) {
      stream.setWorkerInitRequest(
          WorkerInitRequest.newBuilder()
              .setHostVersion(init.hostVersion())
              .putAllCapabilities(init.capabilities())
              .setWorkerDirectory(init.workerDirectory())
              .setFunctionAppDirectory(init.applicationDirectory()));
    } else if (message instanceof HostMessage.WarmupRequest warmup) {
      stream.setWorkerWarmupRequest(
          WorkerWarmupRequest.newBuilder().setWorkerDirectory(warmup.workerDirectory()));
    } else if (message instanceof HostMessage.EnvironmentReloadRequest reload) {
      stream.setFunctionEnvironmentReloadRequest(
          FunctionEnvironmentReloadRequest.newBuilder()
              .putAllEnvironmentVariables(reload.environment())
              .setFunctionAppDirectory(reload.applicationDirectory()));
    } else if (message instanceof HostMessage.FunctionsMetadataRequest metadata) {
      stream.setFunctionsMetadataRequest(
          FunctionsMetadataRequest.newBuilder()
              .setFunctionAppDirectory(metadata.applicationDirectory()));
    } else if (message instanceof HostMessage.FunctionLoadRequest load) {
      stream.setFunctionLoadRequest(
          FunctionLoadRequest.newBuilder()
              .setFunctionId(load.functionId())
              .setMetadata(metadata(load)));
    } else if (message instanceof HostMessage.InvocationCancel cancel) {
      stream.setInvocationCancel(
          InvocationCancel.newBuilder()
              .setInvocationId(cancel.invocationId())
              .setGracePeriod(duration(cancel.grace())));
    } else if (message instanceof HostMessage.WorkerStatusRequest) {
      stream.setWorkerStatusRequest(WorkerStatusRequest.getDefaultInstance());
    } else if (message instanceof HostMessage.WorkerTerminate terminate) {
      stream.setWorkerTerminate(
          WorkerTerminate.newBuilder().setGracePeriod(duration(terminate.grace())));
    } else {
      throw new IllegalArgumentException("no wire form of " + message.getClass().getName());
    }
    return stream.build();
  }

  private static RpcFunctionMetadata metadata(HostMessage.FunctionLoadRequest load) {
    FunctionDefinition function = load.function();
    RpcFunctionMetadata.Builder builder =
        RpcFunctionMetadata.newBuilder()
            .setName(function.name())
            .setDirectory(function.directory())
            .setScriptFile(function.scriptFile())
            .setEntryPoint(function.entryPoint())
            .setLanguage(function.language())
            .setFunctionId(load.functionId())
            .putAllProperties(function.properties())
            .putAllProperties(load.properties());
    function.retry().ifPresent(policy -> builder.setRetryOptions(options(policy)));
    for (Binding binding : function.bindings()) {
      builder.putBindings(
          binding.name(),
          BindingInfo.newBuilder()
              .setType(binding.type())
              .setDirection(direction(binding.direction()))
              .setDataType(dataType(binding.text("dataType", "")))
              .build());
      builder.addRawBindings(binding.json());
    }
    return builder.build();
  }

  private static RpcRetryOptions options(RetryPolicy policy) {
    RpcRetryOptions.Builder options =
        RpcRetryOptions.newBuilder().setMaxRetryCount(policy.maximumRetries());
    return switch (policy.strategy()) {
      case FIXED_DELAY ->
          options
              .setRetryStrategy(RpcRetryOptions.RetryStrategy.fixed_delay)
              .setDelayInterval(duration(policy.minimumDelay()))
              .build();
      case EXPONENTIAL_BACKOFF ->
          options
              .setRetryStrategy(RpcRetryOptions.RetryStrategy.exponential_backoff)
              .setMinimumInterval(duration(policy.minimumDelay()))
              .setMaximumInterval(duration(policy.maximumDelay()))
              .build();
    };
  }

  static RetryContext retry(HostMessage.Retry retry) {
    RetryContext.Builder context =
        RetryContext.newBuilder().setRetryCount(retry.count()).setMaxRetryCount(retry.maximum());
    retry
        .error()
        .ifPresent(
            error ->
                context.setException(
                    RpcException.newBuilder()
                        .setMessage(error.message())
                        .setType(error.type())
                        .setSource(error.source())
                        .setStackTrace(error.stackTrace())
                        .setIsUserException(error.userException())));
    return context.build();
  }

  private static BindingInfo.Direction direction(Binding.Direction direction) {
    return switch (direction) {
      case IN -> BindingInfo.Direction.in;
      case OUT -> BindingInfo.Direction.out;
      case INOUT -> BindingInfo.Direction.inout;
    };
  }

  private static BindingInfo.DataType dataType(String text) {
    return switch (text.toLowerCase(Locale.ROOT)) {
      case "string" -> BindingInfo.DataType.string;
      case "binary" -> BindingInfo.DataType.binary;
      case "stream" -> BindingInfo.DataType.stream;
      default -> BindingInfo.DataType.undefined;
    };
  }

  static Duration duration(java.time.Duration value) {
    return Duration.newBuilder().setSeconds(value.getSeconds()).setNanos(value.getNano()).build();
  }
}
