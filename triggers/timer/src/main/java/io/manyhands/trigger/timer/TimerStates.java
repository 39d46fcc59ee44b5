/*
 * Copyright 2026 The Manyhands Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.manyhands.trigger.timer;

import io.manyhands.api.app.ApplicationId;
import java.util.HashMap;
import java.util.Locale;
import java.util.Map;

/** The timers of all applications, for as long as any revision has them. Thread-safe. */
final class TimerStates {
  private final Map<Key, Entry> states = new HashMap<>();

  private record Key(ApplicationId application, String function) {
    static Key of(ApplicationId application, String function) {
      return new Key(application, function.toLowerCase(Locale.ROOT));
    }
  }

  private static final class Entry {
    private final TimerState state = new TimerState();
    private int users;
  }

  /** The function's; {@link #giveBack} is to follow. */
  synchronized TimerState take(ApplicationId application, String function) {
    Entry entry = states.computeIfAbsent(Key.of(application, function), key -> new Entry());
    entry.users++;
    return entry.state;
  }

  synchronized void giveBack(ApplicationId application, String function) {
    Key key = Key.of(application, function);
    Entry entry = states.get(key);
    if (entry != null && --entry.users == 0) {
      states.remove(key);
    }
  }

  synchronized int size() {
    return states.size();
  }
}
