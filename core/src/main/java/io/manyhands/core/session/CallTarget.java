/*
 * Copyright 2026 The Manyhands Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.manyhands.core.session;

import io.manyhands.api.worker.WorkerId;
import java.time.Duration;
import java.util.Optional;
import java.util.Set;

/** A worker as those see it who send it calls. Thread-safe; takes no lock. */
public interface CallTarget {
  WorkerId id();

  /** Tries to send the call; reserve, register, look again, send. */
  Dispatch dispatch(Call call);

  /** Calls that it would take now; a hint. */
  int freeSlots();

  /** Calls that hold a slot. */
  int inFlightCalls();

  /** True where a call of that trace holds a slot. */
  boolean hasTrace(String traceId);

  /** Traces of the calls that hold a slot. */
  Set<String> traces();

  /** A call that was sent to it has passed its deadline, and may still hold its slot. */
  void onOverran(Call call);

  /**
   * The caller of a call that was sent to it is gone, and it may still hold its slot.
   *
   * @param left until its deadline; empty where it has none
   */
  void onCallerGone(Call call, Optional<Duration> left);
}
