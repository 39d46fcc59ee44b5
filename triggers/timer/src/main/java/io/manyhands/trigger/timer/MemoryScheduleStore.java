/*
 * Copyright 2026 The Manyhands Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.manyhands.trigger.timer;

import io.manyhands.api.app.ApplicationId;
import io.manyhands.spi.store.ScheduleStore;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;

/** Remembers for as long as the Runtime lives. */
final class MemoryScheduleStore implements ScheduleStore {
  private final Map<String, ScheduleStatus> known = new ConcurrentHashMap<>();

  @Override
  public Optional<ScheduleStatus> read(ApplicationId application, String function) {
    return Optional.ofNullable(known.get(application + "/" + function));
  }

  @Override
  public void write(ApplicationId application, String function, ScheduleStatus status) {
    known.put(application + "/" + function, status);
  }
}
