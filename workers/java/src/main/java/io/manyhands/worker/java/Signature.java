/*
 * Copyright 2026 The Manyhands Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.manyhands.worker.java;

import com.google.gson.JsonObject;
import com.microsoft.azure.functions.ExecutionContext;
import com.microsoft.azure.functions.HttpRequestMessage;
import com.microsoft.azure.functions.OutputBinding;
import com.microsoft.azure.functions.annotation.BindingName;
import com.microsoft.azure.functions.annotation.StorageAccount;
import io.manyhands.transport.grpc.protocol.TypedData;
import java.lang.reflect.Method;
import java.lang.reflect.Parameter;
import java.lang.reflect.Type;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * How a method is called: its bindings, and where each of its arguments comes from.
 *
 * @param trigger the name of the trigger's binding
 */
record Signature(List<Argument> arguments, List<Binding> bindings, String trigger) {
  Signature {
    arguments = List.copyOf(arguments);
    bindings = List.copyOf(bindings);
  }

  /**
   * Reads the annotations.
   *
   * @throws FunctionFault where they do not make a function
   */
  static Signature of(Method method) throws FunctionFault {
    List<Argument> arguments = new ArrayList<>();
    List<Binding> bindings = new ArrayList<>();
    Parameter[] parameters = method.getParameters();
    for (int index = 0; index < parameters.length; index++) {
      Place place = new Place(method, index, parameters[index]);
      Binding binding = place.binding();
      if (binding != null) {
        bindings.add(binding);
      }
      arguments.add(place.argument(binding));
    }
    List<Binding> triggers = bindings.stream().filter(Binding::isTrigger).toList();
    if (triggers.size() != 1) {
      throw new FunctionFault(
          "%s has %s (expected: one parameter annotated @HttpTrigger, @TimerTrigger or another trigger)"
              .formatted(
                  named(method),
                  triggers.isEmpty()
                      ? "no trigger"
                      : "the triggers " + triggers.stream().map(Binding::name).toList()));
    }
    bindings.addAll(returned(method, triggers.get(0)));
    checkNames(method, bindings);
    StorageAccount account = method.getAnnotation(StorageAccount.class);
    if (account != null) {
      bindings.replaceAll(binding -> Annotations.withAccount(binding, account.value()));
    }
    return new Signature(arguments, bindings, triggers.get(0).name());
  }

  static String named(Method method) {
    return method.getDeclaringClass().getName() + "." + method.getName();
  }

  /** An annotation on the method speaks of the return value, whatever name it gives. */
  private static List<Binding> returned(Method method, Binding trigger) {
    List<Binding> outputs =
        Annotations.bindings(method).stream()
            .map(
                said ->
                    Annotations.binding(
                        Binding.RETURN, said.type(), Binding.Direction.OUT, said.attributes()))
            .toList();
    if (outputs.isEmpty() && trigger.isHttpTrigger() && method.getReturnType() != void.class) {
      return List.of(
          Annotations.binding(Binding.RETURN, "http", Binding.Direction.OUT, new JsonObject()));
    }
    return outputs;
  }

  private static void checkNames(Method method, List<Binding> bindings) throws FunctionFault {
    Set<String> names = new HashSet<>();
    for (Binding binding : bindings) {
      if (binding.name().isEmpty() || !names.add(binding.name())) {
        throw new FunctionFault(
            "%s has %s (expected: a name of its own for each)"
                .formatted(
                    named(method),
                    binding.name().isEmpty()
                        ? "a binding of type " + binding.type() + " without a name"
                        : "two bindings named " + binding.name()));
      }
    }
  }

  /** One parameter. */
  private record Place(Method method, int index, Parameter parameter) {
    @Nullable Binding binding() throws FunctionFault {
      List<Binding> bindings = Annotations.bindings(parameter);
      if (bindings.size() > 1) {
        throw fault("has " + bindings.size() + " binding annotations", "one");
      }
      return bindings.isEmpty() ? null : bindings.get(0);
    }

    Argument argument(@Nullable Binding binding) throws FunctionFault {
      Class<?> raw = parameter.getType();
      if (binding == null) {
        return unbound(raw);
      }
      boolean out = binding.direction() == Binding.Direction.OUT;
      if (raw == OutputBinding.class) {
        if (!out) {
          throw fault("is an OutputBinding of an input", "an output annotation, or another type");
        }
        return call -> call.output(binding.name());
      }
      if (out) {
        throw fault(
            "is annotated as an output", "the type com.microsoft.azure.functions.OutputBinding<T>");
      }
      Type type = parameter.getParameterizedType();
      if (raw == HttpRequestMessage.class) {
        if (!binding.isHttpTrigger()) {
          throw fault("is an HttpRequestMessage of a " + binding.type(), "an @HttpTrigger");
        }
        Type body = Values.argument(type);
        return converting(call -> HttpRequest.of(call.input(binding.name()).getHttp(), body));
      }
      return converting(
          call -> {
            TypedData data = call.input(binding.name());
            return data.hasHttp() ? HttpRequest.body(data.getHttp(), type) : Values.as(data, type);
          });
    }

    private Argument unbound(Class<?> raw) throws FunctionFault {
      if (raw == ExecutionContext.class) {
        return CallData::context;
      }
      BindingName named = parameter.getAnnotation(BindingName.class);
      if (named == null) {
        throw fault(
            "has no binding annotation",
            "a trigger, an input, an output, @BindingName, or the type"
                + " com.microsoft.azure.functions.ExecutionContext");
      }
      Type type = parameter.getParameterizedType();
      return converting(call -> Values.as(call.named(named.value()), type));
    }

    private Argument converting(Argument argument) {
      return call -> {
        try {
          return argument.of(call);
        } catch (ConversionException e) {
          throw new ConversionException(this + ": " + e.getMessage(), e);
        }
      };
    }

    private FunctionFault fault(String is, String expected) {
      return new FunctionFault(this + " " + is + " (expected: " + expected + ")");
    }

    @Override
    public String toString() {
      String name = parameter.isNamePresent() ? " " + parameter.getName() : "";
      return "%s: parameter %d (%s%s)"
          .formatted(
              named(method), index + 1, parameter.getParameterizedType().getTypeName(), name);
    }
  }
}
