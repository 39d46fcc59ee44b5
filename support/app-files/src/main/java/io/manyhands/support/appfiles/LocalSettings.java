/*
 * Copyright 2026 The Manyhands Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.manyhands.support.appfiles;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Collections;
import java.util.Map;
import java.util.TreeMap;

/**
 * What local.settings.json says: the settings with which an application runs on its developer's
 * machine. They may be secrets and are not in {@link #toString}.
 *
 * @param values its {@code Values}, by name
 */
public record LocalSettings(Map<String, String> values) {
  /** The file's name in an application directory. */
  public static final String FILE_NAME = "local.settings.json";

  public LocalSettings {
    values = Collections.unmodifiableMap(new TreeMap<>(values));
  }

  /** That of an application directory; no values where there is no such file. */
  public static LocalSettings read(Path applicationDirectory) {
    Path path = applicationDirectory.resolve(FILE_NAME);
    if (!Files.exists(path)) {
      return new LocalSettings(Map.of());
    }
    String file = path.toString();
    Map<String, Object> root = JsonFiles.read(path);
    if (Boolean.TRUE.equals(root.get("IsEncrypted"))) {
      throw AppFileException.of(
          file, "IsEncrypted", true, "false; func settings decrypt makes it so");
    }
    Object values = root.get("Values");
    Map<String, String> texts = new TreeMap<>();
    if (values != null) {
      JsonFiles.object(values, file, "Values")
          .forEach((name, value) -> texts.put(name, text(file, name, value)));
    }
    return new LocalSettings(texts);
  }

  private static String text(String file, String name, Object value) {
    if (value instanceof String || value instanceof Number || value instanceof Boolean) {
      return value.toString();
    }
    // The value is not shown, as it may be a secret.
    throw new AppFileException(
        file + ": Values." + name + ": not a text (expected: a text, a number or a boolean)");
  }

  @Override
  public String toString() {
    return "LocalSettings" + values.keySet();
  }
}
