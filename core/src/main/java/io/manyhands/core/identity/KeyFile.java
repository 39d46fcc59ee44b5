/*
 * Copyright 2026 The Manyhands Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.manyhands.core.identity;

import io.manyhands.api.ErrorCode;
import io.manyhands.api.ManyhandsException;
import io.manyhands.api.app.AccessKeyManager.KeyId;
import io.manyhands.api.app.AccessKeyManager.Level;
import io.manyhands.api.app.ApplicationId;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/** Where made keys are kept: one a line, in a file that its owner alone can read. Blocks. */
public final class KeyFile {
  private final Optional<Path> file;

  private KeyFile(Optional<Path> file) {
    this.file = file;
  }

  /** In a state directory, which exists. */
  public static KeyFile in(Path directory) {
    return new KeyFile(Optional.of(directory.resolve("access-keys")));
  }

  /** Nothing is kept. */
  public static KeyFile none() {
    return new KeyFile(Optional.empty());
  }

  Map<ApplicationId, MadeKeys> read() {
    Map<ApplicationId, MadeKeys> all = new TreeMap<>();
    try {
      if (file.isPresent() && Files.exists(file.get())) {
        for (String line : Files.readAllLines(file.get(), StandardCharsets.UTF_8)) {
          String[] parts = line.split("\t", -1);
          if (parts.length != 5) {
            throw new IllegalArgumentException("a line of " + parts.length + " fields");
          }
          KeyId id = new KeyId(Level.valueOf(parts[1]), parts[2], parts[3]);
          all.merge(
              ApplicationId.of(parts[0]),
              MadeKeys.NONE.with(id, parts[4]),
              (before, one) -> before.with(id, parts[4]));
        }
      }
      return all;
    } catch (IOException | IllegalArgumentException | ManyhandsException e) {
      // What e says may hold a key.
      throw unavailable("read (" + e.getClass().getSimpleName() + ")", null);
    }
  }

  void write(Map<ApplicationId, MadeKeys> all) {
    if (file.isEmpty()) {
      return;
    }
    StringBuilder text = new StringBuilder();
    all.forEach(
        (application, keys) ->
            keys.each(
                (id, secret) ->
                    text.append(
                            String.join(
                                "\t",
                                application.value(),
                                id.level().name(),
                                id.function(),
                                id.name(),
                                secret))
                        .append('\n')));
    try {
      PrivateFiles.replace(file.get(), text.toString().getBytes(StandardCharsets.UTF_8));
    } catch (IOException e) {
      throw unavailable("written: " + e, e);
    }
  }

  private ManyhandsException unavailable(
      String what, @org.jspecify.annotations.Nullable Exception e) {
    return new ManyhandsException(
        ErrorCode.RESOURCE_UNAVAILABLE,
        "access keys: file " + file.orElseThrow() + " cannot be " + what,
        e);
  }
}
