/*
 * Copyright 2026 The Manyhands Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.manyhands.api.app;

/**
 * Identifies what an application is at a time: SHA-256 over content, functions, stack, settings (by
 * keyed hash) and host.json. Equal definitions have equal revisions; keys and limits do not count.
 *
 * @param value 64 hexadecimal digits
 */
public record AppRevision(String value) {
  /** The first twelve digits, for people. */
  public String shortValue() {
    return value.length() > 12 ? value.substring(0, 12) : value;
  }

  @Override
  public String toString() {
    return shortValue();
  }
}
