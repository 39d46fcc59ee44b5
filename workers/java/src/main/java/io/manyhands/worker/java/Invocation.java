/*
 * Copyright 2026 The Manyhands Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.manyhands.worker.java;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.microsoft.azure.functions.ExecutionContext;
import com.microsoft.azure.functions.HttpRequestMessage;
import com.microsoft.azure.functions.OutputBinding;
import com.microsoft.azure.functions.annotation.BindingName;
import io.manyhands.transport.grpc.protocol.InvocationRequest;
import io.manyhands.transport.grpc.protocol.InvocationResponse;
import io.manyhands.transport.grpc.protocol.ParameterBinding;
import io.manyhands.transport.grpc.protocol.StatusResult;
import io.manyhands.transport.grpc.protocol.StreamingMessage;
import io.manyhands.transport.grpc.protocol.TypedData;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Parameter;
import java.lang.reflect.ParameterizedType;
import java.lang.reflect.Type;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** One call: arguments from the message, the method, the answer. Answers exactly once. */
final class Invocation implements Runnable {
  private final InvocationRequest request;
  private final @Nullable JavaFunction function;
  private final Outgoing outgoing;
  private final String requestId;
  private boolean cancelled;
  private @Nullable Thread runner;

  Invocation(
      InvocationRequest request,
      @Nullable JavaFunction function,
      Outgoing outgoing,
      String requestId) {
    this.request = request;
    this.function = function;
    this.outgoing = outgoing;
    this.requestId = requestId;
  }

  /**
   * Interrupts it where it runs; where it still waits for a thread, it will be answered as
   * cancelled.
   */
  synchronized void cancel() {
    cancelled = true;
    Thread running = runner;
    if (running != null) {
      running.interrupt();
    }
  }

  private synchronized boolean begin() {
    runner = Thread.currentThread();
    return !cancelled;
  }

  /** From here on a late cancel cannot reach the next call on this thread. */
  private synchronized void end() {
    runner = null;
    boolean ignored = Thread.interrupted();
  }

  @Override
  public void run() {
    InvocationResponse.Builder response =
        InvocationResponse.newBuilder().setInvocationId(request.getInvocationId());
    try {
      if (!begin()) {
        response.setResult(cancelled(Statuses.failure("cancelled before it began")));
      } else if (function == null) {
        response.setResult(
            Statuses.failure("function id " + request.getFunctionId() + " is not loaded"));
      } else {
        call(function, response);
      }
    } catch (InvocationTargetException e) {
      StatusResult failed = Statuses.failure(e);
      response.setResult(e.getCause() instanceof InterruptedException ? cancelled(failed) : failed);
    } catch (Exception | LinkageError e) {
      response.setResult(Statuses.failure(e));
    } finally {
      end();
    }
    outgoing.send(
        StreamingMessage.newBuilder()
            .setRequestId(requestId)
            .setInvocationResponse(response)
            .build());
  }

  private static StatusResult cancelled(StatusResult failed) {
    return failed.toBuilder().setStatus(StatusResult.Status.Cancelled).build();
  }

  private void call(JavaFunction called, InvocationResponse.Builder response)
      throws JsonProcessingException, InvocationTargetException, IllegalAccessException {
    Map<String, TypedData> inputs = new HashMap<>();
    request.getInputDataList().forEach(input -> inputs.put(input.getName(), input.getData()));
    ExecutionContext context = new CallContext(request, called.name(), outgoing, requestId);
    Map<String, Output> outputs = new LinkedHashMap<>();
    Parameter[] parameters = called.method().getParameters();
    @Nullable Object[] arguments = new Object[parameters.length];
    for (int index = 0; index < parameters.length; index++) {
      arguments[index] = argument(parameters[index], inputs, context, outputs);
    }
    Object returned = called.call(arguments);
    for (Map.Entry<String, Output> output : outputs.entrySet()) {
      response.addOutputData(
          ParameterBinding.newBuilder()
              .setName(output.getKey())
              .setData(Values.of(output.getValue().getValue())));
    }
    if (returned != null) {
      response.setReturnValue(Values.of(returned));
    }
    response.setResult(Statuses.success());
  }

  private @Nullable Object argument(
      Parameter parameter,
      Map<String, TypedData> inputs,
      ExecutionContext context,
      Map<String, Output> outputs)
      throws JsonProcessingException {
    Type type = parameter.getParameterizedType();
    Class<?> raw = parameter.getType();
    if (raw == ExecutionContext.class) {
      return context;
    }
    BindingName named = parameter.getAnnotation(BindingName.class);
    if (named != null) {
      return Values.as(metadata(named.value(), inputs), type);
    }
    BindingText binding = BindingText.of(parameter.getAnnotations());
    if (binding == null) {
      throw new IllegalArgumentException(
          "parameter " + parameter.getName() + " of " + function + " has no binding annotation");
    }
    if (raw == OutputBinding.class) {
      Output output = new Output();
      outputs.put(binding.name(), output);
      return output;
    }
    TypedData data = inputs.getOrDefault(binding.name(), TypedData.getDefaultInstance());
    if (raw == HttpRequestMessage.class) {
      Type body =
          type instanceof ParameterizedType generic
              ? generic.getActualTypeArguments()[0]
              : String.class;
      return new Http.Request(data.getHttp(), Values.as(data.getHttp().getBody(), body));
    }
    return Values.as(
        data.getDataCase() == TypedData.DataCase.HTTP ? data.getHttp().getBody() : data, type);
  }

  /** A route parameter, else what the trigger says of itself. */
  private TypedData metadata(String name, Map<String, TypedData> inputs) {
    for (TypedData input : inputs.values()) {
      String parameter = input.getHttp().getParamsMap().get(name);
      if (parameter != null) {
        return TypedData.newBuilder().setString(parameter).build();
      }
    }
    return request.getTriggerMetadataMap().getOrDefault(name, TypedData.getDefaultInstance());
  }

  /** What a function sets. */
  private static final class Output implements OutputBinding<Object> {
    private @Nullable Object value;

    @Override
    public @Nullable Object getValue() {
      return value;
    }

    @Override
    public void setValue(@Nullable Object next) {
      value = next;
    }
  }
}
