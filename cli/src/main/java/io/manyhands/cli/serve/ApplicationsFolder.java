/*
 * Copyright 2026 The Manyhands Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.manyhands.cli.serve;

import io.manyhands.api.ManyhandsException;
import io.manyhands.api.app.ApplicationDefinition;
import io.manyhands.api.app.ApplicationId;
import io.manyhands.api.app.JobHostInfo;
import io.manyhands.api.app.JobHostManager;
import io.manyhands.support.appfiles.AppFileException;
import java.io.IOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Keeps the applications of a Runtime as the files of a folder say: one that is new starts, one
 * that changed is updated, one that is gone stops. A file that cannot be used changes nothing and
 * is said once. For one thread, which {@link #look} blocks for the disk alone.
 */
final class ApplicationsFolder {
  private static final Logger LOG = LoggerFactory.getLogger(ApplicationsFolder.class);
  private static final String ENDING = ".json";

  private final Path folder;
  private final Duration grace;
  private final Map<ApplicationId, ApplicationDefinition> declared = new HashMap<>();
  private final Map<String, String> problems = new HashMap<>();
  private final Map<ApplicationId, CompletableFuture<?>> changing = new HashMap<>();

  /**
   * @param grace for calls in flight of an application that stops
   */
  ApplicationsFolder(Path folder, Duration grace) {
    this.folder = folder;
    this.grace = grace;
  }

  private Map<ApplicationId, ApplicationDefinition> read() {
    Map<ApplicationId, ApplicationDefinition> found = new TreeMap<>();
    Set<String> names = names();
    problems.keySet().retainAll(names);
    for (String name : names) {
      try {
        ApplicationDefinition definition =
            ApplicationFile.read(
                folder.resolve(name), name.substring(0, name.length() - ENDING.length()));
        found.put(definition.id(), definition);
        problems.remove(name);
      } catch (AppFileException | ManyhandsException wrong) {
        problem(name, String.valueOf(wrong.getMessage()));
        // What it was stays as it is: a slip of the pen stops nothing that runs.
        declared.values().stream()
            .filter(definition -> name.equals(definition.id() + ENDING))
            .forEach(definition -> found.put(definition.id(), definition));
      }
    }
    return found;
  }

  private Set<String> names() {
    Set<String> names = new HashSet<>();
    try (DirectoryStream<Path> files = Files.newDirectoryStream(folder, "*" + ENDING)) {
      for (Path file : files) {
        String name = String.valueOf(file.getFileName());
        if (!name.startsWith(".")) {
          names.add(name);
        }
      }
      problems.remove("");
    } catch (IOException unreadable) {
      problem("", folder + ": cannot be listed: " + unreadable);
      declared.keySet().forEach(id -> names.add(id + ENDING));
    }
    return names;
  }

  private void problem(String name, String text) {
    if (!text.equals(problems.put(name, text))) {
      LOG.warn("{}", text);
    }
  }

  /** What the files say, for a Runtime that starts with it. */
  Collection<ApplicationDefinition> first() {
    declared.putAll(read());
    return List.copyOf(declared.values());
  }

  /** Reads the folder and begins what has to change; an application that still changes is left. */
  void look(JobHostManager jobHosts) {
    Map<ApplicationId, ApplicationDefinition> wanted = read();
    changing.values().removeIf(CompletableFuture::isDone);
    for (ApplicationDefinition definition : wanted.values()) {
      ApplicationDefinition before = declared.get(definition.id());
      if (!changing.containsKey(definition.id()) && !definition.equals(before)) {
        declared.put(definition.id(), definition);
        change(
            definition.id(),
            jobHosts.find(definition.id()).isPresent()
                ? jobHosts.update(definition)
                : jobHosts.start(definition));
      }
    }
    for (ApplicationId id : Set.copyOf(declared.keySet())) {
      if (!wanted.containsKey(id) && !changing.containsKey(id)) {
        declared.remove(id);
        change(id, jobHosts.stop(id, grace));
      }
    }
  }

  private void change(ApplicationId id, CompletableFuture<?> change) {
    changing.put(
        id,
        change.whenComplete(
            (done, failed) -> {
              if (failed != null) {
                LOG.warn("application {}: {}", id, message(failed));
              } else if (done instanceof JobHostInfo info) {
                LOG.info("application {} serves revision {}", id, info.revision());
              } else {
                LOG.info("application {} is stopped", id);
              }
            }));
  }

  private static @Nullable String message(Throwable failed) {
    Throwable cause = failed.getCause() == null ? failed : failed.getCause();
    return cause.getMessage();
  }
}
