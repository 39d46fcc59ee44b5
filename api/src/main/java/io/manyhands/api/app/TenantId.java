/*
 * Copyright 2026 The Manyhands Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.manyhands.api.app;

import io.manyhands.api.DnsLabel;

/**
 * Names a tenant: whoever's code must not meet another's.
 *
 * @param value a DNS label
 */
public record TenantId(String value) {
  public TenantId {
    DnsLabel.check("tenant id", value);
  }

  public static TenantId of(String value) {
    return new TenantId(value);
  }

  @Override
  public String toString() {
    return value;
  }
}
