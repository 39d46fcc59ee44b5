/*
 * Copyright 2026 The Manyhands Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package com.google.gson;

/** Another class of a name that the worker uses, too. */
public class Gson {
  public static final String VERSION = new String("the application's own");
}
