/*
 * Copyright 2026 The Manyhands Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.manyhands.spi;

/** The level of this SPI. A break raises it; the Runtime refuses plug-ins of another level. */
public final class SpiLevel {
  /**
   * Return this from {@link ManyhandsPlugin#spiLevel}: a constant, so that the compiler writes the
   * level that you compiled against into your plug-in.
   */
  public static final int CURRENT = 1;

  private SpiLevel() {}
}
