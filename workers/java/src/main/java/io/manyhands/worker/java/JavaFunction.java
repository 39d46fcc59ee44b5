/*
 * Copyright 2026 The Manyhands Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.manyhands.worker.java;

import io.manyhands.transport.grpc.protocol.RpcFunctionMetadata;
import io.manyhands.transport.grpc.protocol.RpcRetryOptions;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;
import java.lang.reflect.Modifier;
import java.nio.file.Path;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** One method that can be called. Thread-safe. */
final class JavaFunction {
  private final String name;
  private final Method method;
  private final Path jar;
  private final Signature signature;
  private final Optional<RpcRetryOptions> retries;
  private final Instances instances;

  private JavaFunction(
      String name,
      Method method,
      Path jar,
      Signature signature,
      Optional<RpcRetryOptions> retries,
      Instances instances) {
    this.name = name;
    this.method = method;
    this.jar = jar;
    this.signature = signature;
    this.retries = retries;
    this.instances = instances;
  }

  /**
   * Looks at the method without initializing its class.
   *
   * @throws FunctionFault where it cannot be called
   */
  static JavaFunction of(String name, Method method, Path jar, Instances instances)
      throws FunctionFault {
    if (!Modifier.isPublic(method.getModifiers()) || Modifier.isAbstract(method.getModifiers())) {
      throw new FunctionFault(
          Signature.named(method) + " is not a public method with a body (expected: one)");
    }
    if (!Modifier.isStatic(method.getModifiers())) {
      instances.check(method.getDeclaringClass());
    }
    Signature signature = Signature.of(method);
    Optional<RpcRetryOptions> retries = Retries.of(method);
    // A public method of a class that is not.
    method.setAccessible(true);
    return new JavaFunction(name, method, jar, signature, retries, instances);
  }

  String name() {
    return name;
  }

  Signature signature() {
    return signature;
  }

  RpcFunctionMetadata metadata() {
    RpcFunctionMetadata.Builder builder =
        RpcFunctionMetadata.newBuilder()
            .setName(name)
            .setFunctionId(name)
            .setLanguage(MessageHandler.LANGUAGE)
            .setScriptFile(jar.toString())
            .setEntryPoint(toString())
            .setDirectory(String.valueOf(jar.getParent()))
            .setStatus(Statuses.success());
    retries.ifPresent(builder::setRetryOptions);
    signature.bindings().forEach(binding -> builder.addRawBindings(binding.json()));
    return builder.build();
  }

  /** Initializes the class, so that what is wrong with it shows before the first call. */
  void prepare() throws ClassNotFoundException {
    enter();
    Class<?> type = method.getDeclaringClass();
    Class.forName(type.getName(), true, type.getClassLoader());
  }

  /** Calls it on an instance of its own. */
  @Nullable Object call(CallData data) throws Throwable {
    enter();
    @Nullable Object[] arguments = new @Nullable Object[signature.arguments().size()];
    for (int index = 0; index < arguments.length; index++) {
      arguments[index] = signature.arguments().get(index).of(data);
    }
    Object instance =
        Modifier.isStatic(method.getModifiers()) ? null : instances.of(method.getDeclaringClass());
    try {
      return method.invoke(instance, arguments);
    } catch (InvocationTargetException e) {
      throw e.getCause() == null ? e : e.getCause();
    }
  }

  private void enter() {
    Thread.currentThread().setContextClassLoader(method.getDeclaringClass().getClassLoader());
  }

  /** Class and method. */
  @Override
  public String toString() {
    return Signature.named(method);
  }
}
