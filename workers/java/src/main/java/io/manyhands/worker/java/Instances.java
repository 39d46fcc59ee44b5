/*
 * Copyright 2026 The Manyhands Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.manyhands.worker.java;

import java.lang.reflect.Constructor;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;
import java.lang.reflect.Modifier;
import java.util.Arrays;
import java.util.Iterator;
import java.util.ServiceLoader;
import org.jspecify.annotations.Nullable;

/**
 * Makes the object on which a call runs, a new one for each, as the official worker does: by the
 * constructor without parameters, or by the {@code FunctionInstanceInjector} that the application
 * offers as a service.
 */
final class Instances {
  /** Of the application's own jars; the worker has no such class. */
  private static final String INJECTOR =
      "com.microsoft.azure.functions.spi.inject.FunctionInstanceInjector";

  private final @Nullable Object injector;
  private final @Nullable Method create;

  private Instances(@Nullable Object injector, @Nullable Method create) {
    this.injector = injector;
    this.create = create;
  }

  /**
   * Finds the application's injector, where it has one.
   *
   * @throws java.util.ServiceConfigurationError where it offers one that cannot be made
   */
  static Instances of(ClassLoader application) {
    Class<?> type;
    try {
      type = application.loadClass(INJECTOR);
    } catch (ClassNotFoundException e) {
      return new Instances(null, null);
    }
    Iterator<?> offered = ServiceLoader.load(type, application).iterator();
    if (!offered.hasNext()) {
      return new Instances(null, null);
    }
    try {
      Method create = type.getMethod("getInstance", Class.class);
      return new Instances(offered.next(), create);
    } catch (NoSuchMethodException e) {
      throw new IllegalArgumentException(
          INJECTOR + " of the application has no method getInstance(Class)", e);
    }
  }

  /**
   * Says what would keep a class from having instances.
   *
   * @throws FunctionFault where something would
   */
  void check(Class<?> type) throws FunctionFault {
    if (injector != null) {
      return;
    }
    if (Modifier.isAbstract(type.getModifiers())) {
      throw new FunctionFault(
          type.getName() + " is abstract (expected: a class that can have instances)");
    }
    if (Arrays.stream(type.getDeclaredConstructors())
        .noneMatch(constructor -> constructor.getParameterCount() == 0)) {
      throw new FunctionFault(
          type.getName()
              + " has no constructor without parameters (expected: one, or a static method)");
    }
  }

  Object of(Class<?> type) throws Throwable {
    try {
      if (injector != null && create != null) {
        Object made = create.invoke(injector, type);
        if (made == null) {
          throw new IllegalStateException(
              injector.getClass().getName() + " gave no instance of " + type.getName());
        }
        return made;
      }
      Constructor<?> constructor = type.getDeclaredConstructor();
      constructor.setAccessible(true);
      return constructor.newInstance();
    } catch (InvocationTargetException e) {
      throw e.getCause() == null ? e : e.getCause();
    }
  }
}
