/*
 * Copyright 2026 The Manyhands Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.manyhands.worker.java;

import java.net.MalformedURLException;
import java.net.URL;
import java.net.URLClassLoader;
import java.nio.file.Path;
import java.util.List;

/**
 * The application's classes. It shares the JDK and the functions library with the worker, and
 * nothing else: what the worker is made of is not seen, so the application's own versions rule.
 */
final class AppClassLoader extends URLClassLoader {
  static {
    registerAsParallelCapable();
  }

  private AppClassLoader(URL[] jars) {
    super("application", jars, new Shared(AppClassLoader.class.getClassLoader()));
  }

  static AppClassLoader of(List<Path> jars) throws MalformedURLException {
    URL[] urls = new URL[jars.size()];
    for (int index = 0; index < urls.length; index++) {
      urls[index] = jars.get(index).toUri().toURL();
    }
    return new AppClassLoader(urls);
  }

  private static final class Shared extends ClassLoader {
    private static final String LIBRARY = "com.microsoft.azure.functions.";

    static {
      registerAsParallelCapable();
    }

    private final ClassLoader worker;

    Shared(ClassLoader worker) {
      super("shared", ClassLoader.getPlatformClassLoader());
      this.worker = worker;
    }

    @Override
    protected Class<?> findClass(String name) throws ClassNotFoundException {
      if (name.startsWith(LIBRARY)) {
        return worker.loadClass(name);
      }
      throw new ClassNotFoundException(name);
    }
  }
}
