/*
 * Copyright 2026 The Manyhands Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.manyhands.spi.trigger;

import io.manyhands.api.app.AccessKeys;
import io.manyhands.api.app.ApplicationId;
import io.manyhands.api.app.TenantId;
import java.time.Duration;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * What a trigger may know of an application.
 *
 * @param id its id
 * @param tenant whose it is
 * @param keys that callers present, of its definition
 * @param madeKeys that callers may present as well: those that the Runtime made for it
 * @param hostNames that lead to it, lower case
 * @param extensions the {@code extensions} of host.json as JDK values
 * @param functionTimeout deadline of a call; empty is unlimited
 * @param settings app settings for {@code %NAME%} in binding attributes; values never appear in
 *     toString
 */
public record TriggerApplication(
    ApplicationId id,
    TenantId tenant,
    AccessKeys keys,
    AccessKeys madeKeys,
    List<String> hostNames,
    Map<String, Object> extensions,
    Optional<Duration> functionTimeout,
    Map<String, String> settings) {
  public TriggerApplication {
    hostNames = List.copyOf(hostNames);
    extensions = Collections.unmodifiableMap(new LinkedHashMap<>(extensions));
    settings = Map.copyOf(settings);
  }

  /** With the keys of its definition alone. */
  public TriggerApplication(
      ApplicationId id,
      TenantId tenant,
      AccessKeys keys,
      List<String> hostNames,
      Map<String, Object> extensions,
      Optional<Duration> functionTimeout,
      Map<String, String> settings) {
    this(id, tenant, keys, AccessKeys.none(), hostNames, extensions, functionTimeout, settings);
  }

  @Override
  public String toString() {
    return "TriggerApplication[" + id + ", " + tenant + "]";
  }
}
