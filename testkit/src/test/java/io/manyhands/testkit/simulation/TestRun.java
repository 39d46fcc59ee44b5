/*
 * Copyright 2026 The Manyhands Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.manyhands.testkit.simulation;

import java.lang.reflect.Constructor;
import java.lang.reflect.Method;

/** Runs one method of one test class; ends with 0 where it passes. */
final class TestRun {
  private TestRun() {}

  public static void main(String[] words) throws Exception {
    Constructor<?> made = Class.forName(words[0]).getDeclaredConstructor();
    made.setAccessible(true);
    Method test = made.getDeclaringClass().getDeclaredMethod(words[1]);
    test.setAccessible(true);
    test.invoke(made.newInstance());
  }
}
