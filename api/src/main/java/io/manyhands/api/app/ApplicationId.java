/*
 * Copyright 2026 The Manyhands Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.manyhands.api.app;

import io.manyhands.api.DnsLabel;

/**
 * Names an application; unique in a Runtime.
 *
 * @param value a DNS label
 */
public record ApplicationId(String value) implements Comparable<ApplicationId> {
  public ApplicationId {
    DnsLabel.check("application id", value);
  }

  public static ApplicationId of(String value) {
    return new ApplicationId(value);
  }

  @Override
  public int compareTo(ApplicationId other) {
    return value.compareTo(other.value);
  }

  @Override
  public String toString() {
    return value;
  }
}
