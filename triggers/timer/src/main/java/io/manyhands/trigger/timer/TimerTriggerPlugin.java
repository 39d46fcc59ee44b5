/*
 * Copyright 2026 The Manyhands Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.manyhands.trigger.timer;

import io.manyhands.spi.ManyhandsPlugin;
import io.manyhands.spi.SpiLevel;
import io.manyhands.spi.store.ScheduleStoreFactory;
import io.manyhands.spi.trigger.TriggerFactory;
import java.util.List;

/** Offers the trigger {@code timer} and the schedule stores {@code file} and {@code memory}. */
public final class TimerTriggerPlugin implements ManyhandsPlugin {
  @Override
  public int spiLevel() {
    return SpiLevel.CURRENT;
  }

  @Override
  public List<TriggerFactory> triggers() {
    return List.of(new TimerTriggerFactory());
  }

  @Override
  public List<ScheduleStoreFactory> scheduleStores() {
    return List.of(new FileScheduleStoreFactory(), new MemoryScheduleStoreFactory());
  }
}
