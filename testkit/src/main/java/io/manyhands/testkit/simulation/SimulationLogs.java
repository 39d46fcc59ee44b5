/*
 * Copyright 2026 The Manyhands Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.manyhands.testkit.simulation;

import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;
import org.jspecify.annotations.Nullable;
import org.slf4j.ILoggerFactory;
import org.slf4j.IMarkerFactory;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.slf4j.Marker;
import org.slf4j.event.Level;
import org.slf4j.helpers.BasicMDCAdapter;
import org.slf4j.helpers.BasicMarkerFactory;
import org.slf4j.helpers.LegacyAbstractLogger;
import org.slf4j.helpers.MessageFormatter;
import org.slf4j.spi.MDCAdapter;
import org.slf4j.spi.SLF4JServiceProvider;

/**
 * The logging of a JVM that simulates, chosen by {@code -Dslf4j.provider}: each thread's log goes
 * to the simulation that runs on it, so that the Runtime's own errors are seen.
 */
public final class SimulationLogs implements SLF4JServiceProvider {
  private static final String CORE = "io.manyhands.core";
  private static final ThreadLocal<@Nullable Reader> READER = new ThreadLocal<>();

  private final Loggers loggers = new Loggers();
  private final IMarkerFactory markers = new BasicMarkerFactory();
  private final MDCAdapter context = new BasicMDCAdapter();

  /** Takes what is logged on its thread. */
  interface Reader {
    /** Whether it wants to read what is no error of the Runtime. */
    boolean readsAll();

    /**
     * @param ownError true where the Runtime reports a defect of its own
     */
    void onLog(String line, @Nullable Throwable thrown, boolean ownError);
  }

  /** Logs of this thread go there from now on; null ends that. */
  static void readWith(@Nullable Reader reader) {
    READER.set(reader);
  }

  /** Refuses to go on in a JVM whose log goes elsewhere: it would be blind to errors. */
  static void requireChosen() {
    if (!(LoggerFactory.getILoggerFactory() instanceof Loggers)) {
      throw new IllegalStateException(
          "the log of this JVM goes to "
              + LoggerFactory.getILoggerFactory().getClass().getName()
              + " (expected: started with -Dslf4j.provider="
              + SimulationLogs.class.getName()
              + ")");
    }
  }

  @Override
  public ILoggerFactory getLoggerFactory() {
    return loggers;
  }

  @Override
  public IMarkerFactory getMarkerFactory() {
    return markers;
  }

  @Override
  public MDCAdapter getMDCAdapter() {
    return context;
  }

  @Override
  public String getRequestedApiVersion() {
    return "2.0.99";
  }

  @Override
  public void initialize() {}

  private static final class Loggers implements ILoggerFactory {
    private final ConcurrentMap<String, Logger> loggers = new ConcurrentHashMap<>();

    @Override
    public Logger getLogger(String name) {
      return loggers.computeIfAbsent(name, ThreadsLogger::new);
    }
  }

  private static final class ThreadsLogger extends LegacyAbstractLogger {
    private static final long serialVersionUID = 1;

    private final boolean core;

    ThreadsLogger(String name) {
      this.name = name;
      this.core = name.startsWith(CORE);
    }

    // The same whether anybody reads or not: what is logged takes part in the simulation.
    @Override
    public boolean isTraceEnabled() {
      return false;
    }

    @Override
    public boolean isDebugEnabled() {
      return false;
    }

    @Override
    public boolean isInfoEnabled() {
      return true;
    }

    @Override
    public boolean isWarnEnabled() {
      return true;
    }

    @Override
    public boolean isErrorEnabled() {
      return true;
    }

    @Override
    protected @Nullable String getFullyQualifiedCallerName() {
      return null;
    }

    @Override
    protected void handleNormalizedLoggingCall(
        Level level,
        @Nullable Marker marker,
        String pattern,
        Object @Nullable [] arguments,
        @Nullable Throwable thrown) {
      Reader reader = READER.get();
      if (reader == null) {
        return;
      }
      boolean ownError = core && level == Level.ERROR;
      if (ownError || reader.readsAll()) {
        String text = MessageFormatter.basicArrayFormat(pattern, arguments);
        reader.onLog(level + " " + name + ": " + text, thrown, ownError);
      }
    }
  }
}
