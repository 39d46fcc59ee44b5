/*
 * Copyright 2026 The Manyhands Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.manyhands.support.appfiles;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonLocation;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.StreamReadConstraints;
import com.fasterxml.jackson.core.StreamReadFeature;
import com.fasterxml.jackson.core.json.JsonReadFeature;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.json.JsonMapper;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * JSON objects from files of at most 1 MiB: comments are allowed, duplicate keys and depth beyond
 * 64 are not.
 */
public final class JsonFiles {
  static final int MAXIMUM_BYTES = 1 << 20;

  private static final ObjectMapper MAPPER =
      new JsonMapper(
              JsonFactory.builder()
                  .streamReadConstraints(
                      StreamReadConstraints.builder()
                          .maxNestingDepth(64)
                          .maxStringLength(MAXIMUM_BYTES)
                          .build())
                  .enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION)
                  .enable(JsonReadFeature.ALLOW_JAVA_COMMENTS)
                  .enable(JsonReadFeature.ALLOW_TRAILING_COMMA)
                  .build())
          .enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS);

  private JsonFiles() {}

  /**
   * The object in a file, as JDK values. Blocks.
   *
   * @throws AppFileException where it cannot be read or is malformed, naming file and place
   */
  public static Map<String, Object> read(Path file) {
    byte[] bytes;
    try (InputStream input = Files.newInputStream(file)) {
      bytes = input.readNBytes(MAXIMUM_BYTES + 1);
    } catch (IOException e) {
      throw new AppFileException(file + ": cannot be read: " + e, e);
    }
    if (bytes.length > MAXIMUM_BYTES) {
      throw new AppFileException(file + ": larger than " + MAXIMUM_BYTES + " bytes");
    }
    String text = new String(bytes, StandardCharsets.UTF_8);
    return parse(text.startsWith("\uFEFF") ? text.substring(1) : text, file.toString());
  }

  static Map<String, Object> parse(String text, String source) {
    try {
      Object value = MAPPER.readValue(text, Object.class);
      return object(value, source, "the file");
    } catch (JsonProcessingException e) {
      JsonLocation location = e.getLocation();
      String where =
          location == null ? "" : ":" + location.getLineNr() + ":" + location.getColumnNr();
      throw new AppFileException(source + where + ": malformed JSON: " + e.getOriginalMessage(), e);
    }
  }

  static String write(Object value) {
    try {
      return MAPPER.writeValueAsString(value);
    } catch (JsonProcessingException e) {
      throw new IllegalStateException(e);
    }
  }

  static Map<String, Object> object(Object value, String source, String key) {
    if (!(value instanceof Map<?, ?> map)) {
      throw AppFileException.of(source, key, value, "a JSON object");
    }
    Map<String, Object> copy = new LinkedHashMap<>();
    map.forEach((name, item) -> copy.put(String.valueOf(name), item));
    return copy;
  }

  static String text(Map<String, Object> object, String key, String defaultValue, String source) {
    Object value = object.get(key);
    if (value == null) {
      return defaultValue;
    }
    if (value instanceof String text) {
      return text;
    }
    throw AppFileException.of(source, key, value, "text");
  }
}
