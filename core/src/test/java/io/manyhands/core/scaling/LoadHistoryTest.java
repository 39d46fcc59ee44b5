/*
 * Copyright 2026 The Manyhands Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.manyhands.core.scaling;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

/** Averages over a window that ends now. */
class LoadHistoryTest {
  private final LoadHistory history = new LoadHistory(100);

  @Test
  void beforeTheFirstSightThereWasNothing() {
    history.add(1000, 10, 1);

    assertThat(history.average(1000, 100)).isZero();
    assertThat(history.average(1050, 100)).isEqualTo(5);
    assertThat(history.average(1100, 100)).isEqualTo(10);
  }

  @Test
  void eachSightCountsForAsLongAsItHeld() {
    history.add(0, 10, 1);
    history.add(90, 0, 1);
    history.add(95, 20, 1);

    assertThat(history.average(100, 100)).isEqualTo((10 * 90 + 20 * 5) / 100.0);
    assertThat(history.average(100, 10)).isEqualTo(10);
  }

  @Test
  void whatWasSeenBeforeTheWindowHoldsAtItsBeginning() {
    history.add(0, 8, 1);
    history.add(500, 4, 1);
    history.add(501, 4, 1);

    assertThat(history.average(501, 100)).isEqualTo((8 * 99 + 4) / 100.0);
  }

  @Test
  void mostWorkersOfTheWindowAreForgottenAfterIt() {
    history.add(0, 0, 7);
    history.add(50, 0, 3);
    assertThat(history.mostWorkers()).isEqualTo(7);

    history.add(151, 0, 2);

    assertThat(history.mostWorkers()).isEqualTo(3);
  }
}
