/*
 * Copyright 2026 The Manyhands Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.manyhands.trigger.http;

import java.util.ArrayDeque;
import java.util.Deque;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * How large a regular expression grows once its counted repetitions are written out, which is what
 * its automaton does: {@code ((x{100}){100}){100}} is a million steps from twenty characters.
 */
final class RegexSize {
  /** What an application may ask for. */
  static final long LARGEST = 5_000;

  private static final Pattern COUNT = Pattern.compile("\\{(\\d{1,9})(?:,(\\d{0,9}))?\\}");
  private static final Pattern FLAGS = Pattern.compile("\\(\\?[a-zA-Z-]*\\)");

  private final String pattern;
  private final Matcher count;
  private final Matcher flags;
  private final Deque<Long> outer = new ArrayDeque<>();
  private long sum;
  private long last;

  private RegexSize(String pattern) {
    this.pattern = pattern;
    this.count = COUNT.matcher(pattern);
    this.flags = FLAGS.matcher(pattern);
  }

  /** An upper bound, in steps; stops counting where it exceeds {@link #LARGEST} by far. */
  static long of(String pattern) {
    return new RegexSize(pattern).measure();
  }

  private long measure() {
    int index = 0;
    while (index < pattern.length() && sum < LARGEST * LARGEST) {
      char character = pattern.charAt(index);
      switch (character) {
        case '\\' -> index = escape(index);
        case '[' -> index = charClass(index);
        case '(' -> index = open(index);
        case ')' -> {
          last = sum + 2;
          sum = (outer.isEmpty() ? 0 : outer.pop()) + last;
          index++;
        }
        case '{' -> index = repetition(index);
        default -> {
          atom();
          index++;
        }
      }
    }
    long total = sum;
    for (long rest : outer) {
      total += rest;
    }
    return total;
  }

  private int open(int index) {
    if (flags.find(index) && flags.start() == index) {
      // Flags alone are no step: a repetition behind them is one of what stands before.
      return flags.end();
    }
    outer.push(sum);
    sum = 0;
    last = 0;
    return index + 1;
  }

  private void atom() {
    last = 1;
    sum++;
  }

  private int escape(int index) {
    char kind = index + 1 < pattern.length() ? pattern.charAt(index + 1) : ' ';
    if (kind == 'Q') {
      int end = pattern.indexOf("\\E", index + 2);
      int stop = end < 0 ? pattern.length() : end;
      sum += stop - index;
      last = 1;
      return end < 0 ? stop : end + 2;
    }
    atom();
    boolean braced =
        (kind == 'p' || kind == 'P' || kind == 'x')
            && index + 2 < pattern.length()
            && pattern.charAt(index + 2) == '{';
    int close = braced ? pattern.indexOf('}', index) : -1;
    return close < 0 ? index + 2 : close + 1;
  }

  /** To the first bracket that can close it: what may be inside or not counts as outside. */
  private int charClass(int index) {
    atom();
    int at = index + 1;
    if (at < pattern.length() && pattern.charAt(at) == '^') {
      at++;
    }
    if (at < pattern.length() && pattern.charAt(at) == ']') {
      at++;
    }
    while (at < pattern.length() && pattern.charAt(at) != ']') {
      at += pattern.charAt(at) == '\\' ? 2 : 1;
    }
    return at + 1;
  }

  private int repetition(int index) {
    if (!count.find(index) || count.start() != index) {
      atom();
      return index + 1;
    }
    long least = Long.parseLong(count.group(1));
    String upper = count.group(2);
    long most = upper == null || upper.isEmpty() ? least + 1 : Long.parseLong(upper);
    long times = Math.max(1, Math.max(least, most));
    sum += last * (times - 1);
    last *= times;
    return count.end();
  }
}
