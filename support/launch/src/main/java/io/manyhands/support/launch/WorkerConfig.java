/*
 * Copyright 2026 The Manyhands Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.manyhands.support.launch;

import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.StreamReadFeature;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/**
 * A {@code worker.config.json}, read as Azure's host reads it: keys without regard to case,
 * comments allowed, booleans also as strings.
 *
 * @param file where it was read from
 * @param description the base description
 * @param processOptions limits and timeouts
 * @param profiles descriptions that hold under conditions, in order
 * @param unknownKeys keys that nothing here reads; worth a warning, because a misspelt key hides
 *     among them
 */
public record WorkerConfig(
    Path file,
    WorkerDescription description,
    ProcessOptions processOptions,
    List<WorkerProfile> profiles,
    List<String> unknownKeys) {

  /** The name of the file in a worker's folder. */
  public static final String FILE_NAME = "worker.config.json";

  /** A larger file is refused; official ones have less than 2 KiB. */
  static final int MAX_BYTES = 256 * 1024;

  private static final JsonMapper MAPPER =
      JsonMapper.builder()
          .enable(JsonParser.Feature.ALLOW_COMMENTS)
          .enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION)
          .enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS)
          .build();

  public WorkerConfig {
    profiles = List.copyOf(profiles);
    unknownKeys = List.copyOf(unknownKeys);
  }

  /**
   * Reads a file. Blocks on the disk.
   *
   * @throws LaunchException where the file cannot be read, is larger than 256 KiB, is no JSON
   *     object, or holds a value of the wrong shape
   */
  public static WorkerConfig read(Path file) {
    ObjectNode root = parse(file);
    List<String> unknown = new ArrayList<>();
    StrictJson json = new StrictJson(file, "", root);
    ObjectNode base = json.object("description");
    if (base == null) {
      throw new LaunchException(
          "%s: key \"description\" is missing (expected: an object)".formatted(file));
    }
    WorkerDescription description = WorkerDescription.read(file, "description.", base, unknown);
    ProcessOptions options = ProcessOptions.read(file, json.object("processOptions"), unknown);
    List<WorkerProfile> profiles = new ArrayList<>();
    for (ObjectNode profile : json.objects("profiles")) {
      profiles.add(WorkerProfile.read(file, profiles.size(), profile, base, unknown));
    }
    // Azure's newest hosts check these against themselves; they say nothing about how to start.
    json.ignore("hostRequirements");
    unknown.addAll(json.unknownKeys());
    return new WorkerConfig(file, description, options, profiles, unknown);
  }

  /**
   * The description that holds under the given facts: that of the first profile whose conditions
   * all hold, else the base.
   */
  public WorkerDescription describe(
      Map<String, String> environment, Map<String, String> hostProperties) {
    for (WorkerProfile profile : profiles) {
      if (profile.holds(environment, hostProperties)) {
        return profile.description();
      }
    }
    return description;
  }

  private static ObjectNode parse(Path file) {
    byte[] content;
    try (InputStream in = Files.newInputStream(file)) {
      content = in.readNBytes(MAX_BYTES + 1);
    } catch (IOException e) {
      throw new LaunchException("%s: cannot be read (%s)".formatted(file, e), e);
    }
    if (content.length > MAX_BYTES) {
      throw new LaunchException(
          "%s: is too large (expected: at most %d bytes)".formatted(file, MAX_BYTES));
    }
    int start = startsWithByteOrderMark(content) ? 3 : 0;
    try {
      JsonNode node = MAPPER.readTree(content, start, content.length - start);
      if (node instanceof ObjectNode object) {
        return object;
      }
      throw new LaunchException("%s: is something else (expected: a JSON object)".formatted(file));
    } catch (JsonProcessingException e) {
      throw new LaunchException(
          "%s: is not valid JSON (line %d, column %d: %s)"
              .formatted(
                  file,
                  e.getLocation() == null ? 0 : e.getLocation().getLineNr(),
                  e.getLocation() == null ? 0 : e.getLocation().getColumnNr(),
                  e.getOriginalMessage()),
          e);
    } catch (IOException e) {
      throw new LaunchException("%s: cannot be read (%s)".formatted(file, e), e);
    }
  }

  private static boolean startsWithByteOrderMark(byte[] content) {
    return content.length >= 3
        && content[0] == (byte) 0xEF
        && content[1] == (byte) 0xBB
        && content[2] == (byte) 0xBF;
  }
}
