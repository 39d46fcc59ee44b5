/*
 * Copyright 2026 The Manyhands Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.manyhands.worker.java;

import com.google.gson.JsonElement;
import com.google.gson.JsonParseException;
import com.google.gson.JsonParser;
import com.microsoft.azure.functions.ExecutionContext;
import com.microsoft.azure.functions.OutputBinding;
import io.manyhands.transport.grpc.protocol.InvocationRequest;
import io.manyhands.transport.grpc.protocol.ParameterBinding;
import io.manyhands.transport.grpc.protocol.RpcHttp;
import io.manyhands.transport.grpc.protocol.TypedData;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** What came with one call, and what its function sets. Confined to the call's thread. */
final class CallData {
  private final Map<String, TypedData> inputs = new HashMap<>();
  private final Map<String, Output> outputs = new LinkedHashMap<>();
  private final InvocationRequest request;
  private final String trigger;
  private final ExecutionContext context;

  /** The trigger's binding has that name. */
  CallData(InvocationRequest request, String trigger, ExecutionContext context) {
    this.request = request;
    this.trigger = trigger;
    this.context = context;
    request.getInputDataList().forEach(input -> inputs.put(input.getName(), input.getData()));
  }

  ExecutionContext context() {
    return context;
  }

  /** Not set where nothing came under that name. */
  TypedData input(String name) {
    return inputs.getOrDefault(name, TypedData.getDefaultInstance());
  }

  /**
   * What {@code @BindingName} finds: a route parameter, what the trigger says of itself, a query
   * parameter, a header, or a property of the trigger's JSON; not set where there is none.
   */
  TypedData named(String name) {
    TypedData data = input(trigger);
    RpcHttp http = data.getHttp();
    if (http.containsParams(name)) {
      return text(http.getParamsOrThrow(name));
    }
    TypedData said = request.getTriggerMetadataMap().get(name);
    if (said != null) {
      return said;
    }
    if (data.hasHttp()) {
      if (http.containsQuery(name)) {
        return text(http.getQueryOrThrow(name));
      }
      for (Map.Entry<String, String> header : http.getHeadersMap().entrySet()) {
        if (header.getKey().equalsIgnoreCase(name)) {
          return text(header.getValue());
        }
      }
      return property(http.getBody(), name);
    }
    return property(data, name);
  }

  private static TypedData property(TypedData data, String name) {
    String text = Values.text(data);
    if (!text.stripLeading().startsWith("{")) {
      return TypedData.getDefaultInstance();
    }
    try {
      JsonElement value = JsonParser.parseString(text).getAsJsonObject().get(name);
      if (value == null || value.isJsonNull()) {
        return TypedData.getDefaultInstance();
      }
      return value.isJsonPrimitive()
          ? text(value.getAsString())
          : TypedData.newBuilder().setJson(value.toString()).build();
    } catch (JsonParseException | IllegalStateException e) {
      return TypedData.getDefaultInstance();
    }
  }

  private static TypedData text(String value) {
    return TypedData.newBuilder().setString(value).build();
  }

  OutputBinding<@Nullable Object> output(String name) {
    return outputs.computeIfAbsent(name, ignored -> new Output());
  }

  /** What was set, in the order of the parameters. */
  Iterable<ParameterBinding> set() {
    return outputs.entrySet().stream()
        .filter(output -> output.getValue().getValue() != null)
        .map(
            output ->
                ParameterBinding.newBuilder()
                    .setName(output.getKey())
                    .setData(Results.of(output.getValue().getValue()))
                    .build())
        .toList();
  }

  /** Thread-safe, as a function may set it from a thread of its own. */
  private static final class Output implements OutputBinding<@Nullable Object> {
    private volatile @Nullable Object value;

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
