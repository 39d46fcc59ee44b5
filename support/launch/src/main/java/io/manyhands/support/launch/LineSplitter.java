/*
 * Copyright 2026 The Manyhands Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.manyhands.support.launch;

import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.util.function.Consumer;

/** Makes lines of bytes, holding at most one line of bounded length. Owned by one pump thread. */
final class LineSplitter {
  private final int maxBytes;
  private final Consumer<String> sink;
  private final ByteArrayOutputStream line = new ByteArrayOutputStream(256);
  private long cutBytes;

  LineSplitter(int maxBytes, Consumer<String> sink) {
    this.maxBytes = maxBytes;
    this.sink = sink;
  }

  void accept(byte[] buffer, int length) {
    int start = 0;
    for (int i = 0; i < length; i++) {
      if (buffer[i] == '\n') {
        append(buffer, start, i - start);
        emit();
        start = i + 1;
      }
    }
    append(buffer, start, length - start);
  }

  /** Hands on what came after the last line end. */
  void finish() {
    if (line.size() > 0 || cutBytes > 0) {
      emit();
    }
  }

  private void append(byte[] buffer, int offset, int length) {
    int taken = Math.min(length, maxBytes - line.size());
    line.write(buffer, offset, taken);
    cutBytes += length - taken;
  }

  private void emit() {
    byte[] bytes = line.toByteArray();
    int length = bytes.length;
    long cut = cutBytes;
    line.reset();
    cutBytes = 0;
    if (cut > 0) {
      int whole = wholeCharacters(bytes, length);
      cut += length - whole;
      length = whole;
    } else if (length > 0 && bytes[length - 1] == '\r') {
      length--;
    }
    String text = printable(new String(bytes, 0, length, StandardCharsets.UTF_8));
    sink.accept(cut > 0 ? text + "… [" + cut + " bytes cut]" : text);
  }

  /** How many of the bytes end with a whole character. */
  private static int wholeCharacters(byte[] bytes, int length) {
    int lead = length - 1;
    while (lead > 0 && lead > length - 4 && (bytes[lead] & 0xC0) == 0x80) {
      lead--;
    }
    int first = bytes[lead] & 0xFF;
    int needed = first >= 0xF0 ? 4 : first >= 0xE0 ? 3 : first >= 0xC0 ? 2 : 1;
    return lead + needed > length ? lead : length;
  }

  /** Control characters could forge log lines or drive a terminal. */
  private static String printable(String text) {
    StringBuilder clean = null;
    for (int i = 0; i < text.length(); i++) {
      char c = text.charAt(i);
      if (Character.isISOControl(c) && c != '\t') {
        if (clean == null) {
          clean = new StringBuilder(text);
        }
        clean.setCharAt(i, '\uFFFD');
      }
    }
    return clean == null ? text : clean.toString();
  }
}
