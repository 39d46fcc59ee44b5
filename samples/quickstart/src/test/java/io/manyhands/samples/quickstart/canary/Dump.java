/*
 * Copyright 2026 The Manyhands Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.manyhands.samples.quickstart.canary;

import java.lang.reflect.RecordComponent;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Collection;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** All that a message holds, what its toString keeps to itself included. */
final class Dump {
  private Dump() {}

  static String of(@Nullable Object value) {
    StringBuilder text = new StringBuilder();
    write(value, text);
    return text.toString();
  }

  private static void write(@Nullable Object value, StringBuilder text) {
    if (value instanceof Optional<?> optional) {
      optional.ifPresent(inner -> write(inner, text));
    } else if (value instanceof Map<?, ?> map) {
      map.forEach(
          (key, inner) -> {
            write(key, text);
            write(inner, text);
          });
    } else if (value instanceof Collection<?> all) {
      all.forEach(inner -> write(inner, text));
    } else if (value instanceof ByteBuffer buffer) {
      text.append(StandardCharsets.UTF_8.decode(buffer.duplicate())).append('\n');
    } else if (value instanceof byte[] bytes) {
      text.append(new String(bytes, StandardCharsets.UTF_8)).append('\n');
    } else if (value instanceof Record message) {
      for (RecordComponent component : message.getClass().getRecordComponents()) {
        try {
          component.getAccessor().setAccessible(true);
          write(component.getAccessor().invoke(message), text);
        } catch (ReflectiveOperationException e) {
          throw new LinkageError(component.toString(), e);
        }
      }
    } else {
      text.append(value).append('\n');
    }
  }
}
