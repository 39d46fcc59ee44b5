/*
 * Copyright 2026 The Manyhands Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.manyhands.trigger.http;

import io.manyhands.spi.ManyhandsPlugin;
import io.manyhands.spi.SpiLevel;
import io.manyhands.spi.trigger.TriggerFactory;
import java.util.List;

/** Offers the trigger {@code http}. */
public final class HttpTriggerPlugin implements ManyhandsPlugin {
  @Override
  public int spiLevel() {
    return SpiLevel.CURRENT;
  }

  @Override
  public List<TriggerFactory> triggers() {
    return List.of(new HttpTriggerFactory());
  }
}
