/*
 * Copyright 2026 The Manyhands Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.manyhands.testkit.simulation;

import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;
import java.lang.reflect.RecordComponent;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Collection;
import java.util.Map;
import java.util.Optional;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * Marks that say whose something is, planted in settings, payloads and definitions, and found again
 * in whatever goes over a wire: every text of every message, of whatever kind.
 */
final class TenantMarks {
  private static final String BEGIN = "[[";
  private static final String END = "]]";

  private static final ClassValue<Method[]> COMPONENTS =
      new ClassValue<>() {
        @Override
        protected Method[] computeValue(Class<?> type) {
          RecordComponent[] components = type.getRecordComponents();
          Method[] accessors = new Method[components.length];
          for (int index = 0; index < components.length; index++) {
            accessors[index] = components[index].getAccessor();
          }
          return accessors;
        }
      };

  private TenantMarks() {}

  static String mark(String tenant, String application) {
    return BEGIN + tenant + "/" + application + END;
  }

  /** The first mark within that is not that one; empty where there is none. */
  static Optional<String> foreign(Object message, String own) {
    Finder finder = new Finder(own);
    visit(message, finder);
    return Optional.ofNullable(finder.found);
  }

  private static final class Finder implements Consumer<String> {
    private final String own;
    private @Nullable String found;

    Finder(String own) {
      this.own = own;
    }

    @Override
    public void accept(String text) {
      for (int begin = text.indexOf(BEGIN); begin >= 0; begin = text.indexOf(BEGIN, begin + 1)) {
        int end = text.indexOf(END, begin);
        String mark = end < 0 ? text.substring(begin) : text.substring(begin, end + END.length());
        if (!mark.equals(own) && found == null) {
          found = mark;
        }
      }
    }
  }

  /** Every text within, keys of maps included. */
  private static void visit(@Nullable Object value, Consumer<String> texts) {
    if (value instanceof String text) {
      texts.accept(text);
    } else if (value instanceof Record) {
      for (Method component : COMPONENTS.get(value.getClass())) {
        visit(read(component, value), texts);
      }
    } else if (value instanceof Map<?, ?> map) {
      map.forEach(
          (key, entry) -> {
            visit(key, texts);
            visit(entry, texts);
          });
    } else if (value instanceof Collection<?> collection) {
      collection.forEach(entry -> visit(entry, texts));
    } else if (value instanceof Optional<?> optional) {
      visit(optional.orElse(null), texts);
    } else if (value instanceof ByteBuffer bytes) {
      texts.accept(StandardCharsets.UTF_8.decode(bytes.duplicate()).toString());
    }
  }

  private static @Nullable Object read(Method component, Object value) {
    try {
      return component.invoke(value);
    } catch (IllegalAccessException | InvocationTargetException e) {
      throw new IllegalStateException("cannot read " + component, e);
    }
  }
}
