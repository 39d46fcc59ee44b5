/*
 * Copyright 2026 The Manyhands Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.manyhands.support.appfiles;

import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;

/**
 * What host.json says. Keys that are not known are kept out of the way, as they may be meant for
 * another host.
 *
 * @param functionTimeout where it names one
 * @param unlimited true where it asks for no timeout at all ({@code -1})
 * @param extensions the {@code extensions} object as JDK values
 */
public record HostJson(
    Optional<Duration> functionTimeout, boolean unlimited, Map<String, Object> extensions) {
  public HostJson {
    extensions = Collections.unmodifiableMap(new LinkedHashMap<>(extensions));
  }

  /** That of an application directory; all defaults where there is no such file. */
  public static HostJson read(Path applicationDirectory) {
    Path file = applicationDirectory.resolve("host.json");
    return Files.exists(file)
        ? of(JsonFiles.read(file), file.toString())
        : of(Map.of(), file.toString());
  }

  /** From text; empty text is all defaults. */
  public static HostJson parse(String text, String source) {
    return of(text.isBlank() ? Map.of() : JsonFiles.parse(text, source), source);
  }

  private static HostJson of(Map<String, Object> root, String source) {
    Object version = root.get("version");
    if (version != null && !"2.0".equals(version)) {
      throw AppFileException.of(source, "version", version, "\"2.0\"");
    }
    Object timeout = root.get("functionTimeout");
    boolean unlimited = timeout != null && timeout.toString().equals("-1");
    Optional<Duration> duration = Optional.empty();
    if (timeout != null && !unlimited) {
      duration =
          Optional.of(
              TimeSpan.parse(timeout.toString())
                  .filter(value -> !value.isNegative() && !value.isZero())
                  .orElseThrow(
                      () ->
                          AppFileException.of(
                              source, "functionTimeout", timeout, "hh:mm:ss, or -1 for none")));
    }
    Object extensions = root.get("extensions");
    Map<String, Object> sections =
        extensions == null ? Map.of() : JsonFiles.object(extensions, source, "extensions");
    sections.forEach((name, section) -> JsonFiles.object(section, source, "extensions." + name));
    return new HostJson(duration, unlimited, sections);
  }
}
