/*
 * Copyright 2026 The Manyhands Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.manyhands.worker.java;

import io.manyhands.transport.grpc.protocol.RpcFunctionMetadata;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;
import java.lang.reflect.Modifier;
import java.nio.file.Path;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** One annotated method. */
final class JavaFunction {
  private final String name;
  private final Method method;
  private final Path jar;
  private final List<BindingText> bindings;
  private volatile @Nullable Object instance;

  JavaFunction(String name, Method method, Path jar) {
    this.name = name;
    this.method = method;
    this.jar = jar;
    this.bindings = BindingText.of(method);
  }

  String name() {
    return name;
  }

  Method method() {
    return method;
  }

  List<BindingText> bindings() {
    return bindings;
  }

  RpcFunctionMetadata metadata() {
    RpcFunctionMetadata.Builder builder =
        RpcFunctionMetadata.newBuilder()
            .setName(name)
            .setFunctionId(name)
            .setLanguage("manyhands-java")
            .setScriptFile(jar.toString())
            .setEntryPoint(method.getDeclaringClass().getName() + "." + method.getName())
            .setDirectory(String.valueOf(jar.getParent()))
            .setStatus(Statuses.success());
    bindings.forEach(binding -> builder.addRawBindings(binding.json()));
    return builder.build();
  }

  /** Makes the instance that serves all calls; initializes the class. */
  synchronized void prepare() throws ReflectiveOperationException {
    if (instance == null && !Modifier.isStatic(method.getModifiers())) {
      instance = method.getDeclaringClass().getConstructor().newInstance();
    }
  }

  @Nullable Object call(@Nullable Object[] arguments)
      throws InvocationTargetException, IllegalAccessException {
    Thread.currentThread().setContextClassLoader(method.getDeclaringClass().getClassLoader());
    return method.invoke(instance, arguments);
  }

  @Override
  public String toString() {
    return method.getDeclaringClass().getName() + "." + method.getName();
  }
}
