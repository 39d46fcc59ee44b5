/*
 * Copyright 2026 The Manyhands Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.manyhands.testkit.contract;

import static org.assertj.core.api.Assertions.assertThat;

import io.manyhands.api.worker.WorkerId;
import io.manyhands.spi.store.PlaceholderStore;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** What every {@link PlaceholderStore} must hold to. */
@Timeout(value = 1, unit = TimeUnit.MINUTES)
public abstract class PlaceholderStoreContract {
  private static final WorkerId NOBODYS = new WorkerId("nobodys");
  private static final WorkerId GIVEN = new WorkerId("given");

  /**
   * The store as the next start of a Runtime finds it, the one before having been killed: what was
   * asked of it has been done.
   */
  protected abstract PlaceholderStore nextStart() throws Exception;

  @Test
  public void nothingIsRememberedAtFirst() throws Exception {
    assertThat(nextStart().remembers(NOBODYS)).isFalse();
  }

  @Test
  public void placeholderIsRememberedByTheNextStartAndTheOneAfter() throws Exception {
    nextStart().add(NOBODYS);

    assertThat(nextStart().remembers(NOBODYS)).isTrue();
    assertThat(nextStart().remembers(NOBODYS)).isTrue();
  }

  @Test
  public void workerThatWasRemovedIsNotFoundAgain() throws Exception {
    PlaceholderStore first = nextStart();
    first.add(NOBODYS);
    first.add(GIVEN);
    remove(first);

    assertThat(nextStart().remembers(GIVEN)).isFalse();
    assertThat(nextStart().remembers(NOBODYS)).isTrue();
  }

  @Test
  public void workerOfAnEarlierStartCanBeRemoved() throws Exception {
    nextStart().add(GIVEN);
    remove(nextStart());

    assertThat(nextStart().remembers(GIVEN)).isFalse();
  }

  @Test
  public void removalOfAnUnknownWorkerSucceeds() throws Exception {
    remove(nextStart());
  }

  private static void remove(PlaceholderStore store) throws Exception {
    store.remove(GIVEN).toCompletableFuture().get(30, TimeUnit.SECONDS);
  }
}
